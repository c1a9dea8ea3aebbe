// One whole check through the generated client: the example of docs/callers.md, and what a caller sees of a refusal.
// node out/drive.js <address of the gateway> <access token> <idempotency key>
import { Configuration, LivenessSessionsApi, ProblemFromJSON, ResponseError, type Problem } from './gateway-client/src/index.js';

const [basePath, accessToken, key] = process.argv.slice(2) as [string, string, string];

async function check(returnUrl: string, title: string): Promise<void> {
    const sessions = new LivenessSessionsApi(new Configuration({ basePath, accessToken }));
    try {
        const opened = await sessions.openSession({ idempotencyKey: key, openSessionRequest: { returnUrl, title } });
        // Now send the person to opened.checkUrl.
        const checked = await sessions.getSession({ id: opened.id, waitSeconds: 30 });
        console.log(`${checked.status}, ${checked.charge.status}`);
    } catch (e) {
        if (!(e instanceof ResponseError)) throw e;
        const problem: Problem = ProblemFromJSON(await e.response.json());
        console.log(`${problem.status}, ${problem.code}, ${problem.errors?.map((error) => error.field)}`);
    }
}

await check('https://shop.example/done', 'sandbox:pass');
// A rule is broken.
await check('javascript:alert(1)', 'sandbox:pass');
