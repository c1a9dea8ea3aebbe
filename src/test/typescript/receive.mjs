// Receives webhooks: prints the type of each event that verifies, and "refused" for each that does not.
import { createServer } from 'node:http';
import { Webhook } from 'standardwebhooks';

const [port, secret] = process.argv.slice(2);

createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
        try {
            const event = new Webhook(secret).verify(body, request.headers);
            console.log(event.type);
            response.writeHead(204).end();
        } catch {
            console.log('refused');
            response.writeHead(400).end();
        }
    });
}).listen(Number(port), 'localhost', () => console.log('listening'));
