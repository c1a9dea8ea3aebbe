package io.liveness.gateway.bill.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.liveness.gateway.bill.read.Mapping.Columns;
import io.liveness.gateway.bill.read.Mapping.Sign;
import io.liveness.gateway.bill.read.Mapping.StatedStatus;
import io.liveness.gateway.bill.read.Mapping.Unit;
import io.liveness.gateway.bill.read.StatementReader.Line;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bills of unknown vendors: each is read without a line that cannot be read. */
class GuessMappingTest {

    private final Mapping base = TestMapping.of(TestMapping.AMOUNT);

    @ParameterizedTest(name = "{0}: {2}")
    @CsvSource(
            delimiter = '|',
            value = {
                "任务编号,扣费时间,计费状态,扣费金额(元),余额 | 0434001,2026-11-24 16:00:00,已扣费,0.80,99.20 | 任务编号 扣费时间 计费状态 扣费金额(元)",
                "序号,任务ID,创建时间,结束时间,状态,金额 | 1,0434001,2026/11/24 16:00:00,x,退回,¥0.80 | 任务ID 创建时间 状态 金额",
                "Task No.,Charged at,Status,Unit price,Amount | 0434001,2026-11-24T16:00:00Z,Refunded,0.80,0.80"
                        + " | Task No. Charged at Status Amount",
                "task_id,time,amount | 0434001,1795507200,80分 | task_id time amount",
                "流水号,日期,时间,类型,数量,单价 | 0434001,2026-11-24,16:00:00,扣费,1,0.80 | 流水号 日期 时间 类型 数量 单价",
                "流水号,交易日期,类型,单价 | 0434001,2026-11-24,扣费,0.80 | 流水号 交易日期 类型 单价",
                "任务号,账单日期,计费时间,费用 | 0434001,2026-11-01,2026-11-24 16:00:00,0.80 | 任务号 计费时间 费用",
                "任务编号,时间,优惠金额,原价,实付金额 | 0434001,2026-11-24 16:00:00,0.20,1.00,0.80 | 任务编号 时间 实付金额",
                "任务编号,时间,折扣金额,应付金额(元) | 0434001,2026-11-24 16:00:00,0.20,0.80 | 任务编号 时间 应付金额(元)",
                "任务编号,时间,优惠金额,金额 | 0434001,2026-11-24 16:00:00,0.20,0.80 | 任务编号 时间 金额",
                "任务编号,时间,退款金额,优惠后金额 | 0434001,2026-11-24 16:00:00,0.20,0.80 | 任务编号 时间 优惠后金额",
                "task no,time,discount amount,amount | 0434001,2026-11-24 16:00:00,0.20,0.80 | task no time amount",
                "任务编号,时间,金额,币种 | 0434001,2026-11-24 16:00:00,0.80,人民币 | 任务编号 时间 金额 币种",
                "task no,time,amount,currency | 0434001,2026-11-24 16:00:00,0.80,CNY | task no time amount currency",
                "请求编号,调用时间,业务类型,交易金额 | 0434001,25/11/2026 16:00:00,消费,-0.80 | 请求编号 调用时间 业务类型 交易金额",
            })
    void columns_are_found_by_their_names(String header, String line, String columns) {
        Mapping guess = guess("某某公司账单\n" + header + "\n" + line + "\n").orElseThrow();

        assertThat(String.join(" ", guess.columns().byField().values())).isEqualTo(columns);
        List<Line> lines = new ArrayList<>();
        StatementReader.read(
                new CsvRows(new StringReader("账单\n" + header + "\n" + line + "\n"), ','), guess, 10, lines::add);
        assertThat(lines).singleElement().extracting(Line::problem).isEqualTo(Optional.empty());
        assertThat(guess.checked()).isEqualTo(guess);
    }

    @Test
    void words_of_the_status_and_signs_are_those_of_the_lines() {
        Mapping guess = guess("任务编号,时间,状态,金额\n1,2026-11-24 16:00:00,预扣款,-0.80\n2,2026-11-24 16:00:00,预扣退还,0.80\n"
                        + "3,2026-11-24 16:00:00,扣费成功,-0.80\n4,2026-11-24 16:00:00,未知,-0.80\n合计,,x,1\n")
                .orElseThrow();

        assertThat(guess.statusWords())
                .containsEntry("预扣款", StatedStatus.PRE_DEDUCTED)
                .containsEntry("预扣退还", StatedStatus.REFUNDED)
                .containsEntry("扣费成功", StatedStatus.CHARGED)
                .containsAllEntriesOf(base.statusWords())
                .doesNotContainKeys("未知", "x");
        assertThat(guess.sign()).isEqualTo(Sign.IGNORED);
        assertThat(guess.status()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "已扣费, CHARGED",
        "扣款成功, CHARGED",
        "成功, CHARGED",
        "全额退款, REFUNDED",
        "预扣已退回, REFUNDED",
        "退款成功, REFUNDED",
        "Pre-deducted, PRE_DEDUCTED",
        "Refunded, REFUNDED",
        "不扣费,",
        "免扣,",
        "免费,",
        "免扣费,",
        "退款失败,",
        "退款中,",
        "待退款,",
        "不退,",
        "不予退款,",
        "未退款,",
        "未扣,",
        "未扣费,",
        "扣费失败,",
        "撤销退款,",
        "not charged,",
        "unpaid,",
        "refund failed,",
        "non-refundable,",
    })
    void a_word_counts_as_a_whole(String word, StatedStatus status) {
        Mapping guess = guess("任务编号,时间,状态,金额\n1,2026-11-24 16:00:00," + word + ",0.80\n")
                .orElseThrow();

        assertThat(guess.statusWords().get(base.statusWords().containsKey(word) && status == null ? "" : word))
                .isEqualTo(status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"优惠金额", "折扣金额", "原价", "退款金额", "金额(万元)", "discount amount", "余额"})
    void what_is_no_amount_of_a_fee_is_not_taken_for_one(String column) {
        assertThat(guess("任务编号,时间," + column + "\n1,2026-11-24 16:00:00,0.80\n"))
                .isEmpty();
    }

    @Test
    void the_unit_and_the_currency_are_those_that_the_file_names() {
        Mapping fen = guess("任务编号,时间,金额（分）\n1,2026-11-24 16:00:00,80\n").orElseThrow();
        Mapping none = guess("任务编号,时间,金额\n1,2026-11-24 16:00:00,80\n").orElseThrow();
        Mapping dollars = guess("任务编号,时间,金额,币种\n1,2026-11-24 16:00:00,80,USD\n").orElseThrow();

        Mapping above = guess("单位：分\n任务编号,时间,金额\n1,2026-11-24 16:00:00,80\n").orElseThrow();

        assertThat(fen.unit()).isEqualTo(Unit.MINOR);
        assertThat(above.unit()).isEqualTo(Unit.MINOR);
        assertThat(none.unit()).isNull();
        assertThat(none.currency()).isEqualTo("CNY");
        assertThat(dollars.currency()).isEqualTo("USD");
    }

    @ParameterizedTest
    @CsvSource({"-0.80, -0.80, 0.80, NEGATIVE_IS_CHARGE", "0.80, 0.80, -0.80, POSITIVE_IS_CHARGE"})
    void two_signs_without_a_status_are_charges_and_returns(String one, String two, String three, Sign sign) {
        String time = ",2026-11-24 16:00:00,";
        Mapping guess = guess("任务编号,时间,金额\n1" + time + one + "\n2" + time + two + "\n3" + time + three + "\n")
                .orElseThrow();

        assertThat(guess.sign()).isEqualTo(sign);
        assertThat(guess.status()).isNull();
        assertThat(guess.checked()).isEqualTo(guess);
    }

    @Test
    void a_bill_without_a_status_lists_charges() {
        Mapping guess = guess("任务编号,时间,金额\n1,2026-11-24 16:00:00,-0.80\n").orElseThrow();

        assertThat(guess.columns()).isEqualTo(new Columns("任务编号", null, "时间", null, "金额", null, null, null));
        assertThat(guess.status()).isEqualTo(StatedStatus.CHARGED);
        assertThat(guess.statusWords()).isEqualTo(Map.of());
        assertThat(guess.sign()).isEqualTo(Sign.NEGATIVE);
    }

    @ParameterizedTest(name = "{0} as {1}")
    @CsvSource({
        "16.11.2026 10:00:00, dd.MM.yyyy HH:mm:ss",
        "20261124160000, yyyyMMddHHmmss",
        "2026/11/24 16:00, yyyy/M/d H:mm",
        "2026/1/4 6:05:00, yyyy/M/d H:mm:ss",
        "25/11/2026 16:00:00, dd/MM/yyyy HH:mm:ss",
        "11/25/2026 16:00:00, MM/dd/yyyy HH:mm:ss",
        // Either order of day and month: it is left to the person.
        "11/12/2026 16:00:00, yyyy-MM-dd HH:mm:ss",
        "2026-11-24 16:00:00, yyyy-MM-dd HH:mm:ss",
    })
    void a_form_of_times_is_taken_when_it_alone_reads_all(String time, String form) {
        Mapping guess = guess("任务编号,时间,金额\n1," + time + ",0.80\n").orElseThrow();

        assertThat(guess.timeFormats()).containsExactly(form);
    }

    @ParameterizedTest
    @ValueSource(strings = {"日期,笔数,金额\n2026-11-24,300,240.00\n", "任务编号,状态,金额\n", "a,b,c\n", "", "\"任务编号"})
    void what_is_no_list_of_checks_is_not_guessed(String file) {
        assertThat(guess(file)).isEmpty();
    }

    private Optional<Mapping> guess(String file) {
        try {
            return CsvRows.guess(
                    new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8, base);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
