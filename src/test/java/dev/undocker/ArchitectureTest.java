package dev.undocker;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Set;

/// Which package may use which. A package without a rule here is a mistake, found by
/// [#everyPackageHasItsPlace].
@AnalyzeClasses(packages = "dev.undocker", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest static final ArchRule content = only("content");
    @ArchTest static final ArchRule linux = only("linux");
    @ArchTest static final ArchRule codec = only("codec", "linux");
    @ArchTest static final ArchRule image = only("image", "codec", "content");
    @ArchTest static final ArchRule rootfs = only("rootfs", "content");
    @ArchTest static final ArchRule tar = only("tar", "content", "rootfs");

    @ArchTest
    static final ArchRule source = only("source..", "content", "codec", "image", "rootfs", "tar");

    @ArchTest
    static final ArchRule layer = only("layer", "content", "codec", "image", "rootfs", "tar");

    @ArchTest static final ArchRule merge = only("merge", "content", "image", "layer", "rootfs");
    @ArchTest static final ArchRule runtime = only("runtime..", "image", "rootfs");

    /// Writers never see layers or whiteouts.
    @ArchTest static final ArchRule output = only("output", "content", "image", "linux", "rootfs");

    @ArchTest
    static final ArchRule writers =
            only(
                    "output.*..",
                    "output",
                    "content",
                    "codec",
                    "image",
                    "linux",
                    "rootfs",
                    "runtime..",
                    "tar");

    /// The use case knows what an output is, not which ones there are.
    @ArchTest
    static final ArchRule convert =
            only("convert", "content", "image", "merge", "output", "rootfs");

    /// Questions are answered from the merged tree, and never write.
    @ArchTest static final ArchRule query = only("query..", "content", "image", "merge", "rootfs");

    @ArchTest
    static final ArchRule everyPackageHasItsPlace =
            classes()
                    .should()
                    .resideInAnyPackage(
                            packages(
                                    "",
                                    "cli",
                                    "codec",
                                    "content",
                                    "convert",
                                    "image",
                                    "layer",
                                    "linux",
                                    "merge",
                                    "output..",
                                    "query..",
                                    "rootfs",
                                    "runtime..",
                                    "source..",
                                    "tar"));

    @ArchTest
    static final ArchRule namesSayWhatIsInside =
            noClasses()
                    .should()
                    .resideInAnyPackage("..util..", "..common..", "..helper..", "..misc..")
                    .orShould()
                    .haveNameMatching(".*(Util|Utils|Helper|Manager)");

    @ArchTest
    static final ArchRule noCycles =
            slices().matching("dev.undocker.(**)").should().beFreeOfCycles();

    /// Classes are initialized while the native executable is built, and memory of the process that
    /// builds it cannot go into it: the build would fail.
    @ArchTest
    static final ArchRule noStaticMemoryOutsideTheHeap =
            noClasses()
                    .should()
                    .callMethodWhere(
                            DescribedPredicate.describe(
                                    "a static initializer allocates direct buffers",
                                    call ->
                                            call.getOrigin().getName().equals("<clinit>")
                                                    && call.getName().equals("allocateDirect")));

    /// Everything else reports a failure by throwing.
    @ArchTest
    static final ArchRule onlyTheCommandLineEndsTheProcess =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.undocker.cli")
                    .should()
                    .callMethod(System.class, "exit", int.class)
                    .orShould()
                    .callMethod(Runtime.class, "halt", int.class);

    /// Elsewhere a failing disk would be an unchecked exception, taken for a mistake of this
    /// program.
    @ArchTest
    static final ArchRule directoriesAreListedInOnePlace =
            noClasses()
                    .that()
                    .doNotBelongToAnyOf(DirectoryListing.class)
                    .should()
                    .callMethodWhere(
                            DescribedPredicate.describe(
                                    "what stands in a directory is read",
                                    call ->
                                            isLoopOverDirectory(
                                                    call.getTarget().getOwner(),
                                                    call.getTarget().getName())));

    private static boolean isLoopOverDirectory(JavaClass owner, String method) {
        return owner.isAssignableTo(Files.class) && Set.of("list", "walk", "find").contains(method)
                || owner.isAssignableTo(DirectoryStream.class)
                        && Set.of("iterator", "forEach", "spliterator").contains(method);
    }

    /// Writers say their options in words of this program.
    @ArchTest
    static final ArchRule onlyTheCommandLineKnowsPicocli =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("dev.undocker.cli")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("picocli..");

    /// Our own packages that this one may use; the root package is everyone's.
    private static ArchRule only(String name, String... others) {
        DescribedPredicate<JavaClass> allowed =
                resideOutsideOfPackage("dev.undocker..")
                        .or(resideInAnyPackage(packages("", name)))
                        .or(resideInAnyPackage(packages(others)));
        return classes()
                .that()
                .resideInAPackage(packages(name)[0])
                .should()
                .onlyDependOnClassesThat(
                        allowed.as("belong to it, %s or a library", Arrays.toString(others)))
                .allowEmptyShould(true);
    }

    private static String[] packages(String... names) {
        return Arrays.stream(names)
                .map(name -> name.isEmpty() ? "dev.undocker" : "dev.undocker." + name)
                .toArray(String[]::new);
    }
}
