package io.redfleet.cli.gateway;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that a person has named on the command line, read whole; what is wrong with it is said in words. */
public final class GivenFile {
    private GivenFile() {}

    /** What came of reading it. */
    public sealed interface Read {
        record Found(String text) implements Read {}

        /** @param why to be read after the file's name and a colon */
        record Refused(String why) implements Read {}
    }

    /**
     * Text in UTF-8, which has the very bytes of the file again.
     *
     * @param file a path, or {@code -} for {@code in}
     * @param most bytes; no more are read, also of what has no end
     */
    public static Read read(String file, InputStream in, int most) {
        if (file.equals("-")) {
            try {
                return text(in.readNBytes(most + 1), most);
            } catch (IOException e) {
                return new Read.Refused(String.valueOf(e.getMessage()));
            }
        }
        Path path = Path.of(file);
        try (InputStream opened = Files.newInputStream(path)) {
            return text(opened.readNBytes(most + 1), most);
        } catch (IOException e) {
            return new Read.Refused(why(path, e));
        }
    }

    /** What kept a file from being read, in words: the exception's own are often no more than its name. */
    public static String why(Path file, IOException thrown) {
        if (thrown instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (thrown instanceof AccessDeniedException) {
            return "no permission to read it";
        }
        if (thrown instanceof CharacterCodingException) {
            return "it is not UTF-8";
        }
        if (Files.isDirectory(file)) {
            return "it is a directory";
        }
        String said = thrown instanceof FileSystemException known ? known.getReason() : thrown.getMessage();
        return said == null ? "it cannot be read: " + thrown : said;
    }

    private static Read text(byte[] bytes, int most) {
        if (bytes.length > most) {
            return new Read.Refused("it is larger than " + most + " bytes, the most that is taken");
        }
        ByteBuffer left = ByteBuffer.wrap(bytes);
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult end = decoder.decode(left, text, true);
        return end.isError()
                ? new Read.Refused("it is not UTF-8 (byte " + (left.position() + 1) + ")")
                : new Read.Found(text.flip().toString());
    }
}
