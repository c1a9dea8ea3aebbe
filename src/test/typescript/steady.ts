// What the client does by itself when the gateway does not simply answer.
// node out/steady.js <address of a scripted gateway>
import { Webhook } from 'standardwebhooks';
import {
    LivenessGateway,
    LivenessSessionsApi,
    ProblemError,
    WebhookVerificationError,
    verifyWebhook,
} from './gateway-client/src/index.js';

const [url] = process.argv.slice(2) as [string];
const tokens = ['first', 'second'];
const gateway = new LivenessGateway(url, () => tokens.shift()!, {
    fetchApi: (at, init) => {
        if (!init?.signal) throw new Error(`${at} may never end`);
        return fetch(at, init);
    },
});

async function told(of: () => Promise<{ status: string }>): Promise<void> {
    try {
        console.log((await of()).status);
    } catch (e) {
        if (!(e instanceof ProblemError)) throw e;
        console.log(e.problem.code);
    }
}

async function read(place: { at?: string }): Promise<void> {
    const cursors = {
        // A database would tell null for a place that it does not have.
        load: async () => place.at ?? null,
        save: async (cursor: string) => void (place.at = cursor),
        restored: async () => console.log('restored'),
    };
    await gateway.readEvents(cursors, async (event) => console.log(`${event.type} after ${place.at}`), {
        from: 'latest',
        type: 'liveness.session.settled',
    });
}

function webhook(): void {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const body =
        '{"id":"019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10","type":"liveness.session.settled",' +
        '"timestamp":"2026-11-25T08:02:00.000Z","data":{"status":"PASSED"}}';
    const signed = (at: Date) => ({
        'Webhook-Id': 'sent',
        'Webhook-Timestamp': `${Math.floor(at.getTime() / 1_000)}`,
        'Webhook-Signature': new Webhook(secret).sign('sent', at, body),
    });
    const now = new Date();
    const { 'Webhook-Signature': signature, ...others } = signed(now);
    const twice = { ...others, 'Webhook-Signature': ['v1,another', signature] };
    for (const given of [{ ...twice, host: undefined }, new Headers(signed(now))]) {
        const event = verifyWebhook(secret, given, body);
        console.log(`${event.id}, ${event.data.status}`);
    }
    const forged: [Record<string, string>, string][] = [
        [signed(now), `${body} `],
        [signed(new Date(now.getTime() - 301_000)), body],
        [{}, body],
    ];
    for (const [headers, given] of forged) {
        try {
            console.log(verifyWebhook(secret, headers, given));
        } catch (e) {
            if (!(e instanceof WebhookVerificationError)) throw e;
            console.log('forged');
        }
    }
}

await told(() => gateway.openSession('order-4711', { returnUrl: 'https://shop.example/done' }, 60_000));
await told(() => gateway.openSession('order-4712', { returnUrl: 'https://shop.example/done' }, 60_000));
await told(() => gateway.openSession('order-4713', { returnUrl: 'https://shop.example/done' }, 60_000));
await told(() => gateway.waitForVerdict('019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10', 40_000));
await told(() => new LivenessSessionsApi(gateway.configuration).checkSession({ id: '019e52f0-5a07-7c53-9d3e-5a1f0c4b7a10' }));
const place = {};
await read(place);
await read(place);
webhook();
