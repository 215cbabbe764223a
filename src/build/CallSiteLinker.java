import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;

/// Gives a class as methods of its own what the virtual machine would otherwise make anew in each
/// run, and the start-up cache cannot hold: the tests of a `switch` over types, and `equals` and
/// `hashCode` of records. They mean the same as what `java.lang.runtime.SwitchBootstraps` and
/// `ObjectMethods` make.
final class CallSiteLinker {
    private static final ClassDesc SWITCHES = ClassDesc.of("java.lang.runtime.SwitchBootstraps");
    private static final ClassDesc RECORDS = ClassDesc.of("java.lang.runtime.ObjectMethods");
    private static final ClassDesc OBJECTS = ClassDesc.of("java.util.Objects");

    private final ClassFile format;

    /// A call site and the method that takes its place.
    private record Linked(InvokeDynamicInstruction site, String name) {}

    CallSiteLinker(ClassFile format) {
        this.format = format;
    }

    /// Whether there is anything to do.
    boolean hasSites(ClassModel type) {
        return type.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(CodeModel::elementStream)
                .anyMatch(it -> it instanceof InvokeDynamicInstruction site && isKnown(site));
    }

    /// The class with its call sites linked.
    byte[] link(ClassModel type) {
        List<Linked> linked = new ArrayList<>();
        ClassTransform calls =
                ClassTransform.transformingMethodBodies((code, element) -> {
                    if (element instanceof InvokeDynamicInstruction site && isKnown(site)) {
                        String name = "linked$" + linked.size();
                        linked.add(new Linked(site, name));
                        code.invokestatic(
                                type.thisClass().asSymbol(),
                                name,
                                site.typeSymbol(),
                                type.flags().has(AccessFlag.INTERFACE));
                    } else {
                        code.with(element);
                    }
                });
        ClassTransform methods =
                ClassTransform.endHandler(builder -> linked.forEach(it -> add(builder, it)));
        return format.transformClass(type, calls.andThen(methods));
    }

    private static boolean isKnown(InvokeDynamicInstruction site) {
        ClassDesc maker = site.bootstrapMethod().owner();
        String name = site.name().stringValue();
        if (maker.equals(SWITCHES)) {
            return name.equals("typeSwitch")
                    && site.bootstrapArgs().stream().allMatch(ClassDesc.class::isInstance);
        }
        return maker.equals(RECORDS) && !name.equals("toString");
    }

    private static void add(ClassBuilder type, Linked linked) {
        InvokeDynamicInstruction site = linked.site();
        List<ConstantDesc> arguments = site.bootstrapArgs();
        type.withMethodBody(
                linked.name(),
                site.typeSymbol(),
                ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                code -> {
                    switch (site.name().stringValue()) {
                        case "typeSwitch" -> typeSwitch(code, arguments);
                        case "hashCode" -> hashCode(code, components(arguments));
                        case "equals" ->
                                equals(
                                        code,
                                        (ClassDesc) arguments.getFirst(),
                                        components(arguments));
                        case String other -> throw new IllegalArgumentException(other);
                    }
                });
    }

    /// (selector, first): the number of the first type from `first` on that fits, −1 for null.
    private static void typeSwitch(CodeBuilder code, List<ConstantDesc> types) {
        Label object = code.newLabel();
        code.aload(0).ifnonnull(object).iconst_m1().ireturn().labelBinding(object);
        for (int i = 0; i < types.size(); i++) {
            Label next = code.newLabel();
            code.iload(1).loadConstant(i).if_icmpgt(next);
            code.aload(0).instanceOf((ClassDesc) types.get(i)).ifeq(next);
            code.loadConstant(i).ireturn().labelBinding(next);
        }
        code.loadConstant(types.size()).ireturn();
    }

    private static List<DirectMethodHandleDesc> components(List<ConstantDesc> arguments) {
        return arguments.stream()
                .filter(DirectMethodHandleDesc.class::isInstance)
                .map(DirectMethodHandleDesc.class::cast)
                .toList();
    }

    private static void get(CodeBuilder code, int slot, DirectMethodHandleDesc component) {
        code.aload(slot)
                .getfield(
                        component.owner(),
                        component.methodName(),
                        component.invocationType().returnType());
    }

    private static void hashCode(CodeBuilder code, List<DirectMethodHandleDesc> components) {
        code.iconst_0();
        for (DirectMethodHandleDesc component : components) {
            ClassDesc type = component.invocationType().returnType();
            code.bipush(31).imul();
            get(code, 0, component);
            ClassDesc owner = type.isPrimitive() ? box(type) : OBJECTS;
            ClassDesc argument = type.isPrimitive() ? type : ConstantDescs.CD_Object;
            code.invokestatic(owner, "hashCode", MethodTypeDesc.of(ConstantDescs.CD_int, argument));
            code.iadd();
        }
        code.ireturn();
    }

    private static void equals(
            CodeBuilder code, ClassDesc record, List<DirectMethodHandleDesc> components) {
        Label differs = code.newLabel();
        Label sameType = code.newLabel();
        code.aload(0).aload(1).if_acmpne(sameType).iconst_1().ireturn().labelBinding(sameType);
        code.aload(1).instanceOf(record).ifeq(differs);
        code.aload(1).checkcast(record).astore(2);
        for (DirectMethodHandleDesc component : components) {
            ClassDesc type = component.invocationType().returnType();
            get(code, 0, component);
            get(code, 2, component);
            if (type.isPrimitive()) {
                // compare, because of floating point: NaN equals itself
                code.invokestatic(
                        box(type), "compare", MethodTypeDesc.of(ConstantDescs.CD_int, type, type));
                code.ifne(differs);
            } else {
                code.invokestatic(
                        OBJECTS,
                        "equals",
                        MethodTypeDesc.of(
                                ConstantDescs.CD_boolean,
                                ConstantDescs.CD_Object,
                                ConstantDescs.CD_Object));
                code.ifeq(differs);
            }
        }
        code.iconst_1().ireturn().labelBinding(differs).iconst_0().ireturn();
    }

    private static ClassDesc box(ClassDesc primitive) {
        return switch (TypeKind.from(primitive)) {
            case BOOLEAN -> ConstantDescs.CD_Boolean;
            case BYTE -> ConstantDescs.CD_Byte;
            case SHORT -> ConstantDescs.CD_Short;
            case CHAR -> ConstantDescs.CD_Character;
            case INT -> ConstantDescs.CD_Integer;
            case LONG -> ConstantDescs.CD_Long;
            case FLOAT -> ConstantDescs.CD_Float;
            case DOUBLE -> ConstantDescs.CD_Double;
            case REFERENCE, VOID -> throw new IllegalArgumentException("not primitive");
        };
    }
}
