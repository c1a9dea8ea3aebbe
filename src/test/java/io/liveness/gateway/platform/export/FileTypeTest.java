package io.liveness.gateway.platform.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.ws.rs.NotAcceptableException;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileTypeTest {

    private static final String XLSX = FileType.SPREADSHEET;

    @ParameterizedTest
    @CsvSource(
            nullValues = "JSON",
            value = {
                "*/*, JSON",
                "application/json, JSON",
                "application/*, JSON",
                "'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8', JSON",
                "'application/json,text/csv," + XLSX + ",application/problem+json', JSON",
                "'text/csv, application/json', JSON",
                "text/csv, CSV",
                "TEXT/CSV, CSV",
                "text/*, CSV",
                "'text/csv, */*;q=0.1', CSV",
                "'text/csv;q=0.9, application/json;q=0.8', CSV",
                "'application/json;q=0, */*', CSV",
                XLSX + ", XLSX",
                "'" + XLSX + ", text/csv;q=0.5', XLSX",
                "'text/csv, " + XLSX + "', CSV",
            })
    void accept_decides_and_json_comes_first_where_it_leaves_that_open(String accept, FileType expected) {
        assertThat(FileType.wanted(parse(accept)).orElse(null)).isEqualTo(expected);
    }

    @Test
    void a_list_without_any_of_them_cannot_be_met() {
        assertThatThrownBy(() -> FileType.wanted(parse("video/mp4"))).isInstanceOf(NotAcceptableException.class);
        assertThatThrownBy(() -> FileType.wanted(parse("*/*;q=0"))).isInstanceOf(NotAcceptableException.class);
    }

    private static List<MediaType> parse(String accept) {
        return Stream.of(accept.split(",")).map(range -> range(range.strip())).toList();
    }

    private static MediaType range(String text) {
        String[] parts = text.split(";q=");
        String[] type = parts[0].split("/");
        return new MediaType(type[0], type[1], parts.length == 1 ? Map.of() : Map.of("q", parts[1]));
    }
}
