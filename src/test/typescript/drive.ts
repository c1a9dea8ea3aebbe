// One whole check through the client: the example of docs/callers.md, and what a caller sees of a refusal.
// node out/drive.js <address of the gateway> <access token> <idempotency key>
import { LivenessGateway, ProblemError } from './gateway-client/src/index.js';

const [url, token, key] = process.argv.slice(2) as [string, string, string];
const tokens = async (): Promise<string> => token;

async function check(returnUrl: string, title: string): Promise<void> {
    const gateway = new LivenessGateway(url, tokens);
    try {
        const opened = await gateway.openSession(key, { returnUrl, title }, 60_000);
        // Now send the person to opened.checkUrl.
        const checked = await gateway.waitForVerdict(opened.id, 300_000);
        console.log(`${checked.status}, ${checked.charge.status}`);
    } catch (e) {
        if (!(e instanceof ProblemError)) throw e;
        const { status, code, errors } = e.problem;
        console.log(`${status}, ${code}, ${errors?.map((error) => error.field)}`);
    }
}

await check('https://shop.example/done', 'sandbox:pass');
// A rule is broken.
await check('javascript:alert(1)', 'sandbox:pass');
