package io.redfleet.gateway.edge.rest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Every call that there is, read from the resources themselves: {@code "POST /api/v1/fleet/disarm"}. */
final class Endpoints {
    /** A part of a path that takes one of some words: each is a call of its own. */
    private static final Pattern WORDS = Pattern.compile("\\{(\\w+): ?([a-z|]+)}");

    private Endpoints() {}

    static SortedSet<String> all() {
        SortedSet<String> all = new TreeSet<>();
        for (JavaClass resource : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.redfleet.gateway")) {
            if (resource.isAnnotatedWith(Path.class)) {
                for (Method method : resource.reflect().getDeclaredMethods()) {
                    verb(method).ifPresent(verb -> expanded(path(method)).forEach(path -> all.add(verb + " " + path)));
                }
            }
        }
        return all;
    }

    private static Optional<String> verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .filter(type -> type.isAnnotationPresent(HttpMethod.class))
                .map(type -> type.getAnnotation(HttpMethod.class).value())
                .findFirst();
    }

    private static String path(Method method) {
        String base = method.getDeclaringClass().getAnnotation(Path.class).value();
        Path own = method.getAnnotation(Path.class);
        return own == null ? base : base + "/" + own.value();
    }

    private static List<String> expanded(String path) {
        Matcher words = WORDS.matcher(path);
        if (!words.find()) {
            return List.of(path);
        }
        List<String> paths = new ArrayList<>();
        for (String word : words.group(2).split("\\|", -1)) {
            paths.addAll(expanded(path.substring(0, words.start()) + word + path.substring(words.end())));
        }
        return paths;
    }

    static boolean changes(String call) {
        return !call.startsWith(GET.class.getSimpleName() + " ");
    }

    static boolean hasNoBody(String call) {
        return !changes(call) || call.startsWith(DELETE.class.getSimpleName() + " ");
    }
}
