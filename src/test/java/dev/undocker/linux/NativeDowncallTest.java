package dev.undocker.linux;

import static org.assertj.core.api.Assertions.assertThat;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

import org.junit.jupiter.api.Test;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

class NativeDowncallTest {
    /// A native build drops what has no counterpart, and fails only then.
    @Test
    void standsInForAllThatOthersCall() {
        assertThat(NativeDowncall.class.getAnnotation(TargetClass.class).value())
                .isEqualTo(Downcall.class);
        assertThat(signatures(Stream.of(NativeDowncall.class.getDeclaredConstructors())))
                .isEqualTo(signatures(Stream.of(Downcall.class.getDeclaredConstructors())));
        assertThat(signatures(methods(NativeDowncall.class)))
                .isEqualTo(signatures(methods(Downcall.class)));
        assertThat(NativeDowncall.class.getDeclaredConstructors())
                .allMatch(NativeDowncallTest::isSubstitute);
        assertThat(methods(NativeDowncall.class)).allMatch(NativeDowncallTest::isSubstitute);
    }

    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !Modifier.isPrivate(method.getModifiers()))
                .filter(method -> !method.isSynthetic());
    }

    private static List<String> signatures(Stream<? extends Executable> members) {
        return members.map(NativeDowncallTest::signature).sorted().toList();
    }

    private static String signature(Executable member) {
        String name = member instanceof Constructor ? "new" : member.getName();
        return name + Arrays.toString(member.getParameterTypes()) + result(member);
    }

    private static String result(Executable member) {
        return member instanceof Method method ? method.getReturnType().getName() : "";
    }

    private static boolean isSubstitute(AnnotatedElement member) {
        return member.isAnnotationPresent(Substitute.class);
    }
}
