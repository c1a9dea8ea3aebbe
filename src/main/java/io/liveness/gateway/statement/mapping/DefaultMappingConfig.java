package io.liveness.gateway.statement.mapping;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;

/** Mapping of a statement's columns when its import names none. */
@ConfigMapping(prefix = "liveness.statement.default-mapping")
interface DefaultMappingConfig {

    /** Names of the columns: task number, time, status, amount; or task number, time, status, count, price. */
    @WithDefault("taskNo,time,status,amount")
    List<String> columns();

    /** Formats of times, tried in this order. */
    @WithDefault("yyyy-MM-dd HH:mm:ss,yyyy/M/d H:mm:ss,yyyy-MM-dd'T'HH:mm:ssXXX")
    List<String> timeFormats();

    /** Time zone of times without an offset. */
    @WithDefault("Asia/Shanghai")
    String timeZone();

    /** {@code <word>=<status>,…}. */
    @WithDefault("预扣=PRE_DEDUCTED,实扣=CHARGED,退回=REFUNDED,PRE_DEDUCTED=PRE_DEDUCTED,CHARGED=CHARGED,REFUNDED=REFUNDED")
    List<String> statusWords();

    /** Currency of amounts. */
    @WithDefault("CNY")
    String currency();

    /** Sign of amounts: {@code POSITIVE}, {@code NEGATIVE} or {@code IGNORED}. */
    @WithDefault("POSITIVE")
    Sign sign();

    /** Words that begin the row of totals. */
    @WithDefault("合计,总计,Total")
    List<String> totalWords();
}
