package io.redfleet.provisioner.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A line as Redis reads it. */
class ConfLineTest {
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "maxmemory 64mb | maxmemory | 64mb",
                "MaxMemory\t64mb | maxmemory | 64mb",
                "save 3600  1 | save | 3600 1",
                "save \"\" | save | ``",
                "logfile \"/a b/\\x41\\\\\" | logfile | /a b/A\\",
                "logfile \"\\xzz\\\"\" | logfile | xzz\"",
                "logfile '/a \"b\" \\'c\\' \\n' | logfile | /a \"b\" 'c' \\n",
                "\"port\" 1 | port | 1",
                "slaveof no one | replicaof | no one",
                "min-slaves-to-write 1 | min-replicas-to-write | 1",
                "primaryuser me | masteruser | me",
            })
    void isItsNameAndItsWords(String line, String name, String value) {
        ConfLine read = ConfLine.of(line);
        assertThat(read.readable()).isTrue();
        assertThat(read.name()).isEqualTo(name);
        assertThat(read.value()).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"logfile \"/a", "logfile '/a", "logfile \"/a\"b", "logfile 'a\\'", ""})
    void isNoneWhereItsQuotesDoNotMatch(String line) {
        assertThat(ConfLine.of(line).readable()).isFalse();
    }
}
