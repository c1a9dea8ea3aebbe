// Makes checks until its input ends, and reads the feed: each verdict, and what the feed tells, is a line of output.
// node out/visit.js <address of the gateway> <access token>
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { LivenessGateway, ProblemError, type CallerEvent } from './gateway-client/src/index.js';

const WITHIN = 180_000;
const [url, token] = process.argv.slice(2) as [string, string];
const gateway = new LivenessGateway(url, () => token);
let place: string | undefined;
const cursors = {
    load: async () => place,
    save: async (cursor: string) => void (place = cursor),
};
const handler = async (event: CallerEvent): Promise<void> => console.log(`told ${event.data.sessionId}`);
const running = true;
let enough = false;
process.stdin.on('end', () => (enough = true)).resume();

async function read(): Promise<void> {
    while (running) {
        try {
            await gateway.readEvents(cursors, handler, { from: 'latest' });
        } catch (e) {
            console.error('The feed is read again in 5 s', e);
            await setTimeout(5_000);
        }
    }
}

async function visit(): Promise<void> {
    while (!enough) {
        const key = randomUUID();
        const order = { returnUrl: `https://shop.example/done/${key}`, title: 'sandbox:pass' };
        try {
            const opened = await gateway.openSession(key, order, WITHIN);
            const checked = await gateway.waitForVerdict(opened.id, WITHIN);
            console.log(`${checked.id} ${checked.status}`);
        } catch (e) {
            if (!(e instanceof ProblemError) || e.problem.code !== 'vendor-outcome-unknown') throw e;
            console.log(`${e.problem.sessionId} UNKNOWN`);
        }
    }
}

void read();
await Promise.all([visit(), visit()]);
console.log('done');
