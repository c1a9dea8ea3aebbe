package io.liveness.gateway.events;

/** What callers are told, as a part of a query: the feed and replays read it. */
public final class ToldEvents {

    /**
     * The columns {@code seq, id, session_id, endpoint_id, at, type, data} of an entry {@code e} of {@code session_event}. {@code data} has the
     * session's {@code status} and {@code charge}, and nothing that is for others.
     */
    public static final String OF_SESSION = """
            select e.seq, e.id, e.session_id, null::uuid as endpoint_id, e.at,
                   case e.type
                       when 'OUTCOME_UNKNOWN' then 'liveness.session.unknown'
                       when 'ERASED' then 'liveness.session.redacted'
                       else 'liveness.session.settled'
                   end as type,
                   case e.type
                       when 'OUTCOME_UNKNOWN' then '{"status":"UNKNOWN","charge":"UNCONFIRMED"}'::jsonb
                       when 'ERASED' then '{}'::jsonb
                       else e.detail
                   end as data
            """;

    private static final String OF_CALLER = "(" + OF_SESSION + """
                from session_event e
                where e.caller = %1$s and e.seq > %2$s and e.seq <= %3$s
                order by e.caller, e.seq limit %4$s)
                union all
                (select e.seq, e.id, null, e.endpoint_id, e.at, e.type, e.data
                 from webhook_endpoint_event e
                 where e.caller = %1$s and e.seq > %2$s and e.seq <= %3$s
                 order by e.caller, e.seq limit %4$s)
                order by seq limit %4$s
            """;

    private ToldEvents() {}

    /**
     * The same of all events of a caller, in their order. What is given is SQL.
     *
     * @param after which number
     * @param upto which number
     * @param limit how many
     */
    public static String ofCaller(String caller, String after, String upto, String limit) {
        return OF_CALLER.formatted(caller, after, upto, limit);
    }
}
