import { Webhook } from 'standardwebhooks';
import { LivenessSessionsApi, WebhooksApi, type ListEventsRequest } from './apis/index.js';
import {
    CallerEventFromJSON,
    ProblemFromJSON,
    SessionStatus,
    type CallerEvent,
    type CallerEventPage,
    type OpenSessionRequest,
    type Problem,
    type Session,
} from './models/index.js';
import {
    Configuration,
    FetchError,
    ResponseError,
    type ConfigurationParameters,
    type FetchParams,
    type RequestContext,
    type ResponseContext,
} from './runtime.js';

const LONGEST_ATTEMPT = 45_000;
const LONGEST_WAIT_SECONDS = 30;
const LONGEST_READ = 60_000;
const BETWEEN_READS = 500;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 8_000;

/** What docs/problems.md says to repeat with the same key. */
const REPEATED = [
    'idempotency-key-in-flight',
    'rate-limited',
    'internal-error',
    'unavailable',
    'vendor-unavailable',
    'opens-paused',
    'busy',
];

/** An error that the gateway explains. Branch on the problem's code. */
export class ProblemError extends ResponseError {
    constructor(
        response: Response,
        public readonly problem: Problem,
    ) {
        super(response, `${problem.status} ${problem.code}: ${problem.detail}`);
    }
}

/** The place in the feed, beyond restarts: best in your database. */
export interface CursorStore {
    /** Null or undefined at the beginning. */
    load(): Promise<string | null | undefined>;
    save(cursor: string): Promise<void>;
    /** The gateway's database was restored: events since the backup may be lost, so read the sessions that you wait for. */
    restored?(): Promise<void>;
}

/**
 * The gateway as a caller's server uses it. A failure is a ProblemError, or a FetchError when there was no answer, or a plain ResponseError
 * when a proxy answered.
 */
export class LivenessGateway {
    /** For the other operations of the contract: `new ErasuresApi(gateway.configuration)`. */
    readonly configuration: Configuration;
    private readonly sessions: LivenessSessionsApi;
    private readonly webhooks: WebhooksApi;
    private token?: Promise<string>;

    /**
     * @param basePath of the gateway
     * @param tokens gives an access token: asked at first, and again when the gateway no longer takes the last one
     * @param others settings of the generated classes
     */
    constructor(
        basePath: string,
        private readonly tokens: () => string | Promise<string>,
        private readonly others: Omit<ConfigurationParameters, 'basePath' | 'accessToken'> = {},
    ) {
        this.configuration = new Configuration({
            ...others,
            basePath,
            middleware: [
                ...(others.middleware ?? []),
                { pre: (request) => this.authorize(request), post: (answer) => this.judge(answer) },
            ],
        });
        this.sessions = new LivenessSessionsApi(this.configuration);
        this.webhooks = new WebhooksApi(this.configuration);
    }

    /**
     * Opens a session once, however often it has to ask: after a lost answer, while an earlier request is under way, and when the gateway
     * asks for patience.
     *
     * @param key of this intended session; the same after a restart of your server
     * @param within the milliseconds after which the last failure is thrown; the same key may be used again
     * @returns the session, with its state of now when an earlier request opened it
     */
    openSession(key: string, request: OpenSessionRequest, within: number): Promise<Session> {
        const parameters = { idempotencyKey: key, openSessionRequest: request };
        return repeat(performance.now() + within, (signal) => this.sessions.openSession(parameters, { signal }));
    }

    /** Waits until there is a verdict, or none any more. After `within` ms it answers with the session as it is, still pending. */
    async waitForVerdict(id: string, within: number): Promise<Session> {
        const end = performance.now() + within;
        let last: Session | undefined;
        while (true) {
            // A second is left for the answer.
            const left = Math.floor((end - performance.now()) / 1_000) - 1;
            const request = { id, waitSeconds: Math.min(LONGEST_WAIT_SECONDS, Math.max(0, left)) };
            try {
                last = await repeat(end, (signal) => this.sessions.getSession(waitingOnce(request), { signal }));
            } catch (e) {
                if (last === undefined || !mayBeRepeated(e)) throw e;
                return last;
            }
            if (!isOpen(last) || end - performance.now() < 1_000) {
                return last;
            }
            await sleep(BETWEEN_READS);
        }
    }

    /**
     * Hands on the caller's next events, for which it waits up to half a minute: the body of an endless loop, without a pause. It repeats
     * what may be repeated for a minute. Each event comes at least once: after a crash of your server or a restore of the gateway some come
     * again, with the same id.
     *
     * @param handler what it throws ends the reading; the events of that part come again
     * @param wanted `from` where a feed without a cursor begins, only a `type`, another `waitSeconds`
     */
    async readEvents(
        cursors: CursorStore,
        handler: (event: CallerEvent) => Promise<void>,
        wanted: Omit<ListEventsRequest, 'after'> = {},
    ): Promise<void> {
        const cursor = (await cursors.load()) ?? undefined;
        let page = await this.eventsAfter(cursor, wanted, cursors);
        if (cursor === undefined && page.items.length === 0) {
            // Kept before the first wait: to begin anew might be later.
            await cursors.save(page.next);
            page = await this.eventsAfter(page.next, wanted, cursors);
        }
        for (const event of page.items) {
            await handler(event);
        }
        await cursors.save(page.next);
    }

    private async eventsAfter(
        cursor: string | undefined,
        wanted: ListEventsRequest,
        cursors: CursorStore,
    ): Promise<CallerEventPage> {
        try {
            return await this.page(cursor, wanted);
        } catch (e) {
            if (!(e instanceof ProblemError) || e.problem.next === undefined) throw e;
            await cursors.restored?.();
            return await this.page(e.problem.next, wanted);
        }
    }

    private page(after: string | undefined, wanted: ListEventsRequest): Promise<CallerEventPage> {
        const place = after === undefined ? { waitSeconds: 0 } : { after, from: undefined };
        const request = { waitSeconds: LONGEST_WAIT_SECONDS, ...wanted, ...place };
        return repeat(performance.now() + LONGEST_READ, (signal) => this.webhooks.listEvents(waitingOnce(request), { signal }));
    }

    private async authorize({ url, init }: RequestContext): Promise<FetchParams> {
        this.token ??= this.ask();
        const signal = init.signal ?? AbortSignal.timeout(LONGEST_ATTEMPT);
        // A request that a redirect changes is another one.
        return { url, init: withToken({ ...init, signal, redirect: 'manual' }, await this.token) };
    }

    private async judge({ url, init, response }: ResponseContext): Promise<Response> {
        let answer = response;
        if (response.status === 401) {
            const again = withToken(init, await this.renewed(init));
            answer = await received(() => (this.others.fetchApi ?? fetch)(url, again));
        }
        answer = await received(() => whole(answer));
        if (answer.headers.get('Content-Type')?.startsWith('application/problem+json')) {
            const problem = await answer.clone().json().catch(() => undefined);
            if (typeof problem?.code === 'string') {
                throw new ProblemError(answer, ProblemFromJSON(problem));
            }
        }
        return answer;
    }

    /** Another request may have asked already. */
    private async renewed(refused: RequestInit): Promise<string> {
        const token = await (this.token ?? this.ask());
        if (new Headers(refused.headers).get('Authorization') !== `Bearer ${token}`) {
            return token;
        }
        this.token = this.ask();
        return this.token;
    }

    private ask(): Promise<string> {
        const asked = Promise.resolve()
            .then(this.tokens)
            .then((token) => token.trim());
        // What failed is asked again by the next request.
        asked.catch(() => (this.token = undefined));
        return asked;
    }
}

/**
 * Reads a webhook if it was signed with the endpoint's secret in the last five minutes, else throws a WebhookVerificationError.
 *
 * @param headers of the request: of Node or of fetch, with names in upper or lower case
 * @param body exactly as it came
 * @returns the event, as the feed has it
 */
export function verifyWebhook(
    secret: string,
    headers: Headers | Record<string, string | string[] | undefined>,
    body: string,
): CallerEvent {
    const all: typeof headers = headers instanceof Headers ? Object.fromEntries(headers) : headers;
    // A header that comes several times becomes one, since any of its signatures may fit.
    const given = Object.fromEntries(Object.entries(all).map(([name, value]) => [name, [value].flat().join(' ')]));
    return CallerEventFromJSON(new Webhook(secret).verify(body, given));
}

/** What is repeated does not wait: perhaps it was refused since too many do. */
function waitingOnce<T extends { waitSeconds?: number }>(request: T): T {
    const first = { ...request };
    request.waitSeconds = 0;
    return first;
}

async function repeat<T>(end: number, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let failures = 0; ; failures++) {
        try {
            const left = Math.ceil(end - performance.now());
            return await call(AbortSignal.timeout(Math.min(LONGEST_ATTEMPT, Math.max(1, left))));
        } catch (e) {
            const pause = pauseAfter(e, failures);
            if (!mayBeRepeated(e) || performance.now() + pause >= end) throw e;
            await sleep(pause);
        }
    }
}

function mayBeRepeated(e: unknown): boolean {
    if (e instanceof ProblemError) {
        return REPEATED.includes(e.problem.code);
    }
    if (e instanceof ResponseError) {
        // A proxy answered: the gateway may have done what was asked.
        return e.response.status >= 500 || e.response.status === 429;
    }
    return e instanceof FetchError;
}

/** What the gateway asks for, but half a second at least; else that, doubled each time up to eight, each between half and all of it. */
function pauseAfter(e: unknown, failures: number): number {
    const asked = e instanceof ResponseError ? e.response.headers.get('Retry-After') : null;
    if (asked !== null && /^\d{1,9}$/.test(asked)) {
        return Math.max(FIRST_PAUSE, Number(asked) * 1_000);
    }
    const most = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures);
    return (most * (1 + Math.random())) / 2;
}

/** An answer that breaks off, or takes too long, is as lost as one that never came. */
async function received(read: () => Promise<Response>): Promise<Response> {
    try {
        return await read();
    } catch (e) {
        throw new FetchError(e as Error, 'The answer was lost');
    }
}

async function whole(answer: Response): Promise<Response> {
    // It has no content.
    if (answer.type === 'opaqueredirect') return answer;
    const body = await answer.blob();
    return new Response(body.size === 0 ? null : body, answer);
}

function withToken(init: RequestInit, token: string): RequestInit {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `Bearer ${token}`);
    return { ...init, headers };
}

function isOpen(session: Session): boolean {
    return session.status === SessionStatus.Pending || session.status === SessionStatus.Opening;
}

function sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
