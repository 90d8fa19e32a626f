package io.redfleet.bus.codec;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.redfleet.contracts.cluster.Word;
import io.redfleet.contracts.wire.Outcome;
import io.redfleet.contracts.wire.Request;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;

/**
 * The rules that Jackson does not know: a {@link Word} is a plain string, a closed choice says its {@code type}, and what is
 * not {@code @Nullable} is there ({@link Completeness}).
 */
final class WireModule extends SimpleModule {
    private static final long serialVersionUID = 1L;

    WireModule() {
        super("redfleet-wire");
        addSerializer(new WordWriter());
        addKeySerializer(Word.class, new WordKeyWriter());
        Times.readBy(this);
        choice(Request.class);
        choice(Outcome.Result.class);
    }

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.insertAnnotationIntrospector(new Completeness());
        context.addDeserializers(new WordReaders());
        context.addKeyDeserializers((type, config, bean) ->
                Word.class.isAssignableFrom(type.getRawClass()) ? new WordKeyReader(type.getRawClass()) : null);
    }

    private void choice(Class<?> sealedType) {
        setMixInAnnotation(sealedType, Typed.class);
        register(sealedType);
    }

    private void register(Class<?> sealedType) {
        for (Class<?> permitted : sealedType.getPermittedSubclasses()) {
            if (permitted.isSealed()) {
                register(permitted);
            } else {
                String name = permitted.getSimpleName();
                registerSubtypes(new NamedType(permitted, Character.toLowerCase(name.charAt(0)) + name.substring(1)));
            }
        }
    }

    private static Word word(Class<?> type, @Nullable String value, DeserializationContext context) throws IOException {
        if (value == null) {
            // An object or a list where a word was expected has no text.
            throw JsonMappingException.from(context, "a " + type.getSimpleName() + " is one string");
        }
        try {
            return (Word) type.getConstructor(String.class).newInstance(value);
        } catch (InvocationTargetException e) {
            // Not a plain IOException: read from a tree, that would come out as a fault of ours instead of the
            // record's.
            throw JsonMappingException.from(
                    context, String.valueOf(e.getTargetException().getMessage()), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " is a Word without a public constructor of one String", e);
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface Typed {}

    private static final class WordWriter extends StdSerializer<Word> {
        private static final long serialVersionUID = 1L;

        WordWriter() {
            super(Word.class);
        }

        @Override
        public void serialize(Word word, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeString(word.value());
        }
    }

    private static final class WordKeyWriter extends StdSerializer<Word> {
        private static final long serialVersionUID = 1L;

        WordKeyWriter() {
            super(Word.class);
        }

        @Override
        public void serialize(Word word, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeFieldName(word.value());
        }
    }

    private static final class WordReaders extends Deserializers.Base {
        @Override
        public @Nullable JsonDeserializer<?> findBeanDeserializer(
                JavaType type, DeserializationConfig config, BeanDescription bean) {
            Class<?> raw = type.getRawClass();
            return Word.class.isAssignableFrom(raw) ? new WordReader(raw) : null;
        }
    }

    private static final class WordReader extends StdDeserializer<Word> {
        private static final long serialVersionUID = 1L;

        WordReader(Class<?> type) {
            super(type);
        }

        @Override
        public Word deserialize(JsonParser in, DeserializationContext context) throws IOException {
            return word(handledType(), in.getValueAsString(), context);
        }
    }

    private static final class WordKeyReader extends KeyDeserializer {
        private final Class<?> type;

        WordKeyReader(Class<?> type) {
            this.type = type;
        }

        @Override
        public Object deserializeKey(String key, DeserializationContext context) throws IOException {
            return word(type, key, context);
        }
    }
}
