package dev.undocker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import dev.undocker.testing.Guide;
import dev.undocker.testing.Requirements;
import dev.undocker.testing.Undocker;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.batch.v1.Job;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The files of `deploy` and the examples of the guides are what their engines read: Kubernetes'
/// own types have a place for all that stands there.
class DeployTest {
    private static final Path DEPLOY = Path.of("deploy");

    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory())
                    .setAnnotationIntrospector(
                            new JacksonAnnotationIntrospector() {
                                /// The types would keep what they do not know.
                                @Override
                                public Boolean hasAnySetter(Annotated annotated) {
                                    return false;
                                }
                            });

    private static List<JsonNode> documents(String file) throws IOException {
        return parse(Files.readString(DEPLOY.resolve(file)));
    }

    private static List<JsonNode> parse(String documents) throws IOException {
        return YAML.readerFor(JsonNode.class).<JsonNode>readValues(documents).readAll();
    }

    private static <T extends KubernetesResource> T read(JsonNode node, Class<T> type)
            throws IOException {
        return YAML.treeToValue(node, type);
    }

    private static Map<String, String> environment(Container container) {
        return container.getEnv().stream()
                .filter(variable -> variable.getValue() != null)
                .collect(
                        Collectors.toMap(
                                variable -> variable.getName(), variable -> variable.getValue()));
    }

    @Test
    void jobHasAnIndexForEachShard() throws Exception {
        Job job = read(documents("kubernetes/job.yaml").getFirst(), Job.class);
        Container container = job.getSpec().getTemplate().getSpec().getContainers().getFirst();
        assertThat(job.getSpec().getCompletionMode()).isEqualTo("Indexed");
        assertThat(environment(container))
                .containsEntry("SHARDS", job.getSpec().getCompletions().toString());
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
        for (JsonNode claim : documents("kubernetes/volumes.yaml")) {
            read(claim, PersistentVolumeClaim.class);
        }
    }

    /// Whatever the overlay says anew is the same but the place of the output.
    @Test
    void objectsAreMadeAsFilesAre() throws Exception {
        JsonNode job = documents("kubernetes/job.yaml").getFirst();
        JsonNode patch = documents("kubernetes-objects/job.yaml").getFirst();
        Container base = read(job.at("/spec/template/spec/containers/0"), Container.class);
        Container init = read(patch.at("/spec/template/spec/initContainers/0"), Container.class);
        assertThat(init.getEnv()).isEqualTo(base.getEnv());
        assertThat(init.getCommand()).isEqualTo(base.getCommand());
        assertThat(init.getVolumeMounts()).isEqualTo(base.getVolumeMounts());
        read(patch.at("/spec/template/spec/containers/1"), Container.class);
    }

    /// `kubectl apply -k` finds all that the Job names, and the image where it was pushed.
    @ParameterizedTest
    @ValueSource(strings = {"kubernetes", "kubernetes-objects"})
    void kustomizationIsComplete(String directory) throws Exception {
        Path kubectl = Requirements.tool("kubectl");
        String built =
                Undocker.program(kubectl, "kustomize", DEPLOY.resolve(directory)).succeed().text();
        Set<String> there = new HashSet<>();
        Job job = null;
        for (JsonNode object : parse(built)) {
            switch (object.get("kind").textValue()) {
                case "ConfigMap" -> there.add("map " + name(read(object, ConfigMap.class)));
                case "PersistentVolumeClaim" ->
                        there.add("claim " + name(read(object, PersistentVolumeClaim.class)));
                case "Job" -> job = read(object, Job.class);
                default -> fail(object.toPrettyString());
            }
        }
        PodSpec pod = job.getSpec().getTemplate().getSpec();
        assertThat(pod.getVolumes().stream().map(DeployTest::needed).filter(Objects::nonNull))
                .containsExactlyInAnyOrderElementsOf(there);
        assertThat(Stream.concat(pod.getContainers().stream(), pod.getInitContainers().stream()))
                .filteredOn(container -> container.getName().equals("undocker"))
                .singleElement()
                .satisfies(container -> {
                    assertThat(container.getImage()).isEqualTo("registry.example/undocker:latest");
                    assertThat(pod.getVolumes().stream().map(Volume::getName))
                            .containsExactlyInAnyOrderElementsOf(
                                    container.getVolumeMounts().stream()
                                            .map(VolumeMount::getName)
                                            .toList());
                });
    }

    private static String name(HasMetadata object) {
        return object.getMetadata().getName();
    }

    private static @Nullable String needed(Volume volume) {
        return volume.getConfigMap() != null
                ? "map " + volume.getConfigMap().getName()
                : volume.getPersistentVolumeClaim() != null
                        ? "claim " + volume.getPersistentVolumeClaim().getClaimName()
                        : null;
    }

    @Test
    void argoDoesWhatTheJobDoes() throws Exception {
        JsonNode spec = documents("argo/workflow.yaml").getFirst().at("/spec");
        JsonNode job = documents("kubernetes/job.yaml").getFirst().at("/spec/template/spec");
        Container container = read(spec.at("/templates/1/container"), Container.class);
        Container inJob = read(job.at("/containers/0"), Container.class);
        assertThat(container.getCommand()).isEqualTo(inJob.getCommand());
        assertThat(container.getResources()).isEqualTo(inJob.getResources());
        assertThat(container.getSecurityContext()).isEqualTo(inJob.getSecurityContext());
        assertThat(container.getVolumeMounts()).isEqualTo(inJob.getVolumeMounts());
        assertThat(read(spec.at("/securityContext"), PodSecurityContext.class))
                .isEqualTo(read(job.at("/securityContext"), PodSecurityContext.class));
        for (JsonNode volume : spec.at("/volumes")) {
            read(volume, Volume.class);
        }
        assertThat(spec.at("/volumes")).isEqualTo(job.at("/volumes"));
    }

    @Test
    void examplesAreYaml() throws Exception {
        for (Guide guide : Guide.all()) {
            for (Guide.Block block : guide.blocks()) {
                if (block.tag().equals("yaml")) {
                    assertThat(YAML.readTree(block.text()).isObject()).as(guide.name()).isTrue();
                }
            }
        }
    }
}
