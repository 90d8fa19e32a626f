package io.redfleet.bus.contract;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** What the comments of {@code contracts} say of records and their components, read by the compiler's own parser. */
final class Told {
    private final Map<String, String> words = new HashMap<>();

    private Told() {}

    static Told in(Path sources) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Told told = new Told();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> found = Files.walk(sources)) {
            List<Path> java = found.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, null, null, files.getJavaFileObjectsFromPaths(java));
            DocTrees trees = DocTrees.instance(task);
            for (CompilationUnitTree unit : task.parse()) {
                told.new Reading(trees, unit.getPackage() == null ? "" : unit.getPackageName() + ".").scan(unit, "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return told;
    }

    @Nullable
    String of(Class<?> type) {
        return words.get(type.getName());
    }

    @Nullable
    String of(Class<?> type, String component) {
        return words.get(type.getName() + "#" + component);
    }

    private final class Reading extends TreePathScanner<Void, String> {
        private final DocTrees trees;
        private final String folder;

        Reading(DocTrees trees, String folder) {
            this.trees = trees;
            this.folder = folder;
        }

        @Override
        public Void visitClass(ClassTree type, String outer) {
            String name = outer + type.getSimpleName();
            DocCommentTree comment = trees.getDocCommentTree(getCurrentPath());
            if (comment != null) {
                put(folder + name, comment.getFullBody());
                for (DocTree tag : comment.getBlockTags()) {
                    if (tag instanceof ParamTree param) {
                        put(folder + name + "#" + param.getName(), param.getDescription());
                    }
                }
            }
            return super.visitClass(type, name + "$");
        }

        private void put(String key, List<? extends DocTree> text) {
            String plain = text.stream().map(Reading::plain).collect(Collectors.joining());
            String line =
                    plain.replaceAll("<[^>]*>", "").replaceAll("\\s+", " ").strip();
            if (!line.isEmpty()) {
                words.put(key, line);
            }
        }

        private static String plain(DocTree tree) {
            return switch (tree) {
                case LiteralTree literal -> literal.getBody().getBody();
                case LinkTree link ->
                    link.getLabel().isEmpty()
                            ? link.getReference().getSignature().replaceAll(".*[.#]", "")
                            : link.getLabel().stream().map(Reading::plain).collect(Collectors.joining());
                default -> tree.toString();
            };
        }
    }
}
