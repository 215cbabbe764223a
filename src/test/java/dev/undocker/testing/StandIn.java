package dev.undocker.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.oracle.svm.core.annotate.Substitute;
import com.oracle.svm.core.annotate.TargetClass;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A class that stands in for another one in a native executable. A native build drops what has no
/// counterpart, and fails only then.
public record StandIn(Class<?> type) {
    /// Fails unless it has a counterpart for all that others call.
    public void assertStandsInFor(Class<?> target) {
        assertThat(type.getAnnotation(TargetClass.class).value()).isEqualTo(target);
        assertThat(substitutes(constructors(type)))
                .isEqualTo(constructors(target).map(StandIn::signature).sorted().toList());
        assertThat(substitutes(methods(type)))
                .isEqualTo(methods(target).map(StandIn::signature).sorted().toList());
    }

    private static List<String> substitutes(Stream<? extends Executable> members) {
        return members.filter(StandIn::isSubstitute).map(StandIn::signature).sorted().toList();
    }

    private static Stream<Constructor<?>> constructors(Class<?> type) {
        return Arrays.stream(type.getDeclaredConstructors())
                .filter(constructor -> !Modifier.isPrivate(constructor.getModifiers()));
    }

    private static Stream<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !Modifier.isPrivate(method.getModifiers()))
                .filter(method -> !method.isSynthetic());
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
