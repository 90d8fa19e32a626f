package io.redfleet.bus.codec;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.NopAnnotationIntrospector;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.Nullable;

/**
 * A component of a record of {@code contracts} that is not {@code @Nullable} is there and is not null, or the record is
 * unreadable. Without this a half-written record would be read well, and break whoever looks into it later.
 *
 * <p>A field that a release adds is therefore {@code @Nullable}: older records, which lack it, lie on the bus for 400 days.
 */
final class Completeness extends NopAnnotationIntrospector {
    private static final long serialVersionUID = 1L;
    private static final String CONTRACTS = "io.redfleet.contracts.";

    @Override
    public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
        return needed(member) ? Boolean.TRUE : null;
    }

    @Override
    public JsonSetter.Value findSetterInfo(Annotated annotated) {
        return annotated instanceof AnnotatedMember member && needed(member)
                ? JsonSetter.Value.forValueNulls(Nulls.FAIL)
                : JsonSetter.Value.empty();
    }

    private static boolean needed(AnnotatedMember member) {
        if (!(member instanceof AnnotatedParameter parameter)) {
            return false;
        }
        Class<?> type = parameter.getDeclaringClass();
        if (!type.isRecord() || !type.getName().startsWith(CONTRACTS)) {
            return false;
        }
        RecordComponent[] components = type.getRecordComponents();
        return parameter.getOwner().getParameterCount() == components.length
                && !components[parameter.getIndex()].getAnnotatedType().isAnnotationPresent(Nullable.class);
    }
}
