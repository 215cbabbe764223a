package dev.undocker.source.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.undocker.UndockerException;
import dev.undocker.image.Digest;
import dev.undocker.source.RepositoryName;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryReferenceTest {
    private static final String HEX = "0123456789abcdef".repeat(4);
    private static final String DIGEST = "sha256:" + HEX;

    @ParameterizedTest
    @CsvSource({
        "nginx,docker.io,registry-1.docker.io,library/nginx,latest",
        "nginx:1.29,docker.io,registry-1.docker.io,library/nginx,1.29",
        "me/app:1,docker.io,registry-1.docker.io,me/app,1",
        "docker.io/nginx,docker.io,registry-1.docker.io,library/nginx,latest",
        "index.docker.io/nginx,docker.io,registry-1.docker.io,library/nginx,latest",
        "docker.io/me/app,docker.io,registry-1.docker.io,me/app,latest",
        "registry-1.docker.io/a/b,registry-1.docker.io,registry-1.docker.io,a/b,latest",
        "quay.io/nginx,quay.io,quay.io,nginx,latest",
        "ghcr.io/a/b/c/d:Big_Tag-1.0,ghcr.io,ghcr.io,a/b/c/d,Big_Tag-1.0",
        "localhost/x,localhost,localhost,x,latest",
        "localhost:5000/x:y,localhost:5000,localhost:5000,x,y",
        "localhost,docker.io,registry-1.docker.io,library/localhost,latest",
        "example.com,docker.io,registry-1.docker.io,library/example.com,latest",
        "127.0.0.1:5000/x,127.0.0.1:5000,127.0.0.1:5000,x,latest",
        "[::1]:5000/x,[::1]:5000,[::1]:5000,x,latest",
        "[2001:db8::1]/x:y,[2001:db8::1],[2001:db8::1],x,y",
        "Registry.Example/x,Registry.Example,Registry.Example,x,latest",
        "my-host.a--b.example:80/x,my-host.a--b.example:80,my-host.a--b.example:80,x,latest",
        "host:1/x,host:1,host:1,x,latest",
        "a.b_c__d-e---f,docker.io,registry-1.docker.io,library/a.b_c__d-e---f,latest",
        "0/1,docker.io,registry-1.docker.io,0/1,latest",
        "x:_,docker.io,registry-1.docker.io,library/x,_",
    })
    void readsTags(String name, String host, String apiHost, String path, String tag) {
        RepositoryReference reference = RepositoryReference.parse("//" + name);

        assertThat(reference.host()).isEqualTo(host);
        assertThat(reference.apiHost()).isEqualTo(apiHost);
        assertThat(reference.path()).isEqualTo(path);
        assertThat(reference.tag()).isEqualTo(tag);
        assertThat(reference.digest()).isNull();
        assertThat(reference.manifest()).isEqualTo(tag);
        assertThat(reference.scope()).isEqualTo("repository:" + path + ":pull");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":1.29", ":latest"})
    void aDigestOutdoesTheTag(String tag) {
        RepositoryReference reference = RepositoryReference.parse("//nginx" + tag + "@" + DIGEST);

        assertThat(reference.tag()).isNull();
        assertThat(reference.digest()).isEqualTo(Digest.parse(DIGEST));
        assertThat(reference.manifest()).isEqualTo(DIGEST);
        assertThat(reference).hasToString("docker://nginx@" + DIGEST);
    }

    @Test
    void takesSha512() {
        String digest = "sha512:" + HEX + HEX;

        assertThat(RepositoryReference.parse("//x.y/z@" + digest).manifest()).isEqualTo(digest);
    }

    @ParameterizedTest
    @CsvSource({
        "nginx,nginx:latest",
        "docker.io/library/nginx:1,nginx:1",
        "docker.io/me/app,me/app:latest",
        "docker.io/library/a/b,library/a/b:latest",
        "quay.io/library/app:1,quay.io/library/app:1",
        "[::1]:5000/x,[::1]:5000/x:latest",
        "192.168.1.1:5000/x,192.168.1.1:5000/x:latest",
        "registry.1st/x,registry.1st/x:latest",
    })
    void isCalledAsDockerCallsIt(String name, String expected) {
        RepositoryReference reference = RepositoryReference.parse("//" + name);

        assertThat(reference).hasToString("docker://" + expected);
        assertThat(RepositoryReference.parse("//" + expected)).isEqualTo(reference);
    }

    @ParameterizedTest
    @CsvSource({
        "nginx,no // in front of the name,nginx",
        "/nginx:1,no // in front of the name,nginx:1",
        "'',no image,NAME:TAG",
        "/,no image,NAME:TAG",
        "//,no image,NAME:TAG",
        "//https://quay.io/a/b:1,'a URL, not a name',quay.io/a/b:1",
        "//http://localhost:5000/a,'a URL, not a name',localhost:5000/a",
        "//Me/app,the name of a repository has no capital letters,me/app",
        "//Me/App:V1,the name of a repository has no capital letters,me/app:V1",
        "//Nginx,the name of a repository has no capital letters,nginx",
        "//me/App,the name of a repository has no capital letters,me/app",
        "//Quay.io/A/b:V1,the name of a repository has no capital letters,Quay.io/a/b:V1",
    })
    void saysWhatToWriteInstead(String rest, String reason, String instead) {
        UndockerException failure = refusal(rest);

        assertThat(failure.sentence()).isEqualTo("docker:" + rest + ": " + reason);
        assertThat(failure.hint()).isEqualTo("write docker://" + instead);
        assertThat(failure.isUsage()).isTrue();
    }

    @Test
    void takesNoImageId() {
        UndockerException failure = refusal("//" + HEX);

        assertThat(failure.sentence()).endsWith(HEX + ": registries know no images by ID");
        assertThat(failure.hint()).contains("docker://NAME@sha256:" + HEX);
        assertThat(RepositoryReference.parse("//me/" + HEX).path()).isEqualTo("me/" + HEX);
    }

    @ParameterizedTest
    @CsvSource({
        "x:,no tag after the colon",
        "x:-a,-a: not a tag",
        "x:.a,.a: not a tag",
        "x:a b,a b: not a tag",
        "x:ä,ä: not a tag",
        "x:a?b,a?b: not a tag",
        "x:1:2,x:1: not the name of a repository",
        "x@,no digest after the @",
        "x@sha256:abc,sha256:abc: not a digest",
        "x@md5:abc,md5:abc: not a digest that can be checked (sha256 and sha512 can)",
        "x:@sha256:abc,no tag after the colon",
        ":1,: not the name of a repository",
        "/x,/x: not the name of a repository",
        "x/,x/: not the name of a repository",
        "a//b,a//b: not the name of a repository",
        "quay.io/,quay.io/: not the name of a repository",
        "-x,-x: not the name of a repository",
        "x-,x-: not the name of a repository",
        "a..b,a..b: not the name of a repository",
        "a___b,a___b: not the name of a repository",
        "a/../b,a/../b: not the name of a repository",
        "a b,a b: not the name of a repository",
        "a?b=c,a?b=c: not the name of a repository",
        "a%2fb,a%2fb: not the name of a repository",
        "ä,ä: not the name of a repository",
        "-a.b/x,-a.b: not a host",
        "a-.b/x,a-.b: not a host",
        "a..b/x,a..b: not a host",
        "./x,.: not a host",
        "quay.io:/x,quay.io:: not a host",
        "quay.io:x/x,quay.io:x: not a host",
        "quay.io:65536/x,quay.io:65536: not a host",
        "quay.io:123456/x,quay.io:123456: not a host",
        "quay.io:0/x,quay.io:0: not a host",
        "192.168.1:5000/x,192.168.1:5000: not a host",
        "1.2.3.256/x,1.2.3.256: not a host",
        "registry.1/x,registry.1: not a host",
        "::1/x,::1: not a host",
        "[::1/x,[::1: not a host",
        "[:::1]/x,[:::1]: not a host",
        "[fe80::1%eth0]/x,[fe80::1%eth0]: not a host",
        "[]:1/x,[]:1: not a host",
    })
    void refuses(String name, String reason) {
        UndockerException failure = refusal("//" + name);

        assertThat(failure.sentence()).isEqualTo("docker://" + name + ": " + reason);
        assertThat(failure.isUsage()).isTrue();
    }

    @Test
    void boundsTheLengths() {
        String longest = "x.y/" + "a".repeat(251);

        assertThat(RepositoryReference.parse("//" + longest).path()).hasSize(251);
        assertThat(refusal("//" + longest + "a").sentence())
                .endsWith("a: the name is longer than 255 characters");
        assertThat(RepositoryReference.parse("//x:" + "a".repeat(128)).tag()).hasSize(128);
        assertThat(refusal("//x:" + "a".repeat(129)).sentence()).endsWith("a: not a tag");
        assertThat(refusal("//" + "a/".repeat(100_000) + "a").isUsage()).isTrue();
    }

    @Test
    void hasATagOrADigest() {
        RepositoryName name = RepositoryName.of("nginx");

        assertThatThrownBy(() -> new RepositoryReference(name, null, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RepositoryReference(name, "1", Digest.parse(DIGEST)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static UndockerException refusal(String rest) {
        return catchThrowableOfType(UndockerException.class, () -> RepositoryReference.parse(rest));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//user:secret@host.test/x:1",
                "//user:se/cr@et@host.test/x:1",
                "//https://user:secret@host.test/x:1",
                "user:secret@host.test/x:1",
            })
    void aPasswordIsNotRepeated(String rest) {
        UndockerException refused =
                catchThrowableOfType(
                        UndockerException.class, () -> RepositoryReference.parse(rest));
        assertThat(refused).hasMessage("docker://host.test/x:1: a name has no user in it");
        assertThat(refused.hint()).isEqualTo("give the user with --creds USER");
    }
}
