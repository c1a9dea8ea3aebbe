import { LivenessGateway, type Session } from '@liveness/gateway-client';

const [url, token] = process.argv.slice(2) as [string, string];
const key = 'typescript';
const gateway = new LivenessGateway(url, () => token);
const order = { returnUrl: 'https://shop.example/done', title: 'sandbox:pass' };
const opened = await gateway.openSession(key, order, 60_000);
const checked: Session = await gateway.waitForVerdict(opened.id, 60_000);
console.log(`${checked.status}, ${checked.charge.status}`);
