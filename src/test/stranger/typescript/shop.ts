import { Configuration, LivenessSessionsApi, type Session } from '@liveness/gateway-client';

const [basePath, accessToken] = process.argv.slice(2) as [string, string];
const sessions = new LivenessSessionsApi(new Configuration({ basePath, accessToken }));
const opened = await sessions.openSession({
    idempotencyKey: 'typescript',
    openSessionRequest: { returnUrl: 'https://shop.example/done', title: 'sandbox:pass' },
});
const checked: Session = await sessions.getSession({ id: opened.id, waitSeconds: 30 });
console.log(`${checked.status}, ${checked.charge.status}`);
