package dev.undocker.source.registry;

import dev.undocker.image.Digest;
import dev.undocker.image.OpenRequest;
import dev.undocker.image.RegistryAccess;
import dev.undocker.source.Home;
import dev.undocker.source.JsonDocument;
import dev.undocker.source.cache.BlobCache;
import dev.undocker.source.manifest.Descriptor;
import dev.undocker.source.manifest.Document;
import dev.undocker.source.manifest.ImageNaming;
import dev.undocker.source.manifest.Index;
import dev.undocker.source.manifest.ManifestImages;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// The registries as this user on this machine reaches them, and what is kept of theirs. Made for
/// one image, which closes it, or for one listing.
final class Registries implements Closeable {
    private final Function<String, @Nullable String> environment;
    private final Path home;
    private final RegistriesConf conf;
    private final OpenRequest request;
    private final ProxyChoice proxies;
    private final TrustStore trust;
    private final Pause pause;
    private final Patience patience;
    private final BlobCache cache;

    Registries(
            Function<String, @Nullable String> environment,
            Path etc,
            Pause pause,
            Patience patience,
            OpenRequest request) {
        this.environment = environment;
        this.request = request;
        this.pause = pause;
        this.patience = patience;
        home = Home.of(environment);
        conf = RegistriesConf.load(environment, home, etc, request.events());
        proxies = new ProxyChoice(environment);
        Path certificates = request.registries().certificates();
        trust = new TrustStore(environment, home, etc, certificates, request.events());
        cache = BlobCache.open(request.registries().cache(), environment, request.events());
    }

    /// Where to ask, in this order.
    List<Endpoint> endpoints(RepositoryReference reference) {
        return conf.endpoints(reference);
    }

    /// The images as this endpoint has them.
    ManifestImages images(RepositoryReference reference, Endpoint endpoint) {
        RegistryClient client = client(reference, endpoint);
        byte[] bytes = top(client, endpoint.reference());
        ForeignServers foreign =
                new ForeignServers(client.origin(), server -> foreign(reference, server));
        String name = reference.toString();
        Document document = Document.parse(name + ": manifest", "", bytes, request.events());
        Descriptor top = Descriptor.of(bytes);
        String familiar = reference.repository().familiar();
        ImageNaming naming =
                new ImageNaming(
                        null,
                        "docker://" + familiar + "@",
                        reference.tag() == null ? familiar : familiar + ":" + reference.tag(),
                        null);
        return new ManifestImages(
                new RegistryBlobs(
                        client, foreign, cache, name, endpoint.reference().path(), top, bytes),
                Index.of(document, top),
                naming,
                this);
    }

    /// The document that the reference leads to. A digest needs no registry where it is kept, and
    /// what a tag stands for can be asked without being sent: registries count what they send
    /// (<https://docs.docker.com/docker-hub/usage/pulls/>).
    private byte[] top(RegistryClient client, RepositoryReference reference) {
        String path = RegistryBlobs.manifestPath(reference.path(), reference.manifest());
        Digest wanted = reference.digest();
        if (!cache.isNew()) {
            Digest stated = wanted != null ? wanted : client.digest(path, RegistryBlobs.MANIFESTS);
            byte[] kept = stated == null ? null : cache.find(stated, JsonDocument.LIMIT);
            if (kept != null) {
                return kept;
            }
        }
        byte[] bytes = client.document(path, RegistryBlobs.MANIFESTS, JsonDocument.LIMIT);
        RegistrySource.requireDigest(reference, bytes);
        cache.keep(wanted != null ? wanted : Digest.sha256(bytes), bytes);
        return bytes;
    }

    @Override
    public void close() {
        cache.close();
    }

    private RegistryClient client(RepositoryReference reference, Endpoint endpoint) {
        RegistryAccess access = request.registries();
        RepositoryReference there = endpoint.reference();
        Supplier<String> login = endpoint.mirror() ? null : access.credentials();
        String given = login == null ? null : login.get();
        CredentialStore store =
                new CredentialStore(
                        environment,
                        home,
                        access.authFile(),
                        given == null ? null : Credentials.Basic.parse("--creds", given),
                        conf.credentialHelpers(),
                        request.events());
        Credentials credentials = store.find(there.repository());
        RegistryFailures failures =
                new RegistryFailures(
                        reference.toString(),
                        there.host(),
                        credentials instanceof Credentials.Anonymous
                                ? RegistryFailures.Login.ANONYMOUS
                                : RegistryFailures.Login.KNOWN,
                        cache.largest());
        boolean insecure = endpoint.insecure() || !access.verifyTls();
        Http http = new UrlHttp(() -> trust.factory(there.host(), insecure), proxies, patience);
        URI base = base(http, there.apiHost(), insecure);
        Authorizer authorizer =
                new Authorizer(
                        http,
                        Origin.of(base),
                        credentials,
                        there.scope(),
                        failures,
                        pause,
                        InstantSource.system());
        return new RegistryClient(http, base, authorizer, failures, pause);
    }

    /// A server that is no registry, and hears nothing of the user.
    private RegistryClient foreign(RepositoryReference reference, Origin server) {
        URI base = URI.create(server.toString());
        String host = base.getAuthority();
        boolean insecure = !request.registries().verifyTls();
        Http http = new UrlHttp(() -> trust.foreign(host, insecure), proxies, patience);
        RegistryFailures failures =
                new RegistryFailures(
                        reference.toString(), host, RegistryFailures.Login.NEVER, cache.largest());
        return new RegistryClient(http, base, null, failures, pause);
    }

    /// TLS, but for this machine itself and for whom the user trusts without. On this machine plain
    /// HTTP is tried first: it tells nobody anything, and costs less than TLS that is in vain.
    private static URI base(Http http, String host, boolean insecure) {
        URI secure = URI.create("https://" + host);
        URI plain = URI.create("http://" + host);
        if (Origin.of(plain).isLoopback()) {
            return answers(http, plain) ? plain : secure;
        }
        return insecure && !answers(http, secure) && answers(http, plain) ? plain : secure;
    }

    /// True for a registry (distribution-spec, `spec.md#determining-support`), which a server that
    /// wants TLS is not without.
    private static boolean answers(Http http, URI base) {
        HttpRequest ping = HttpRequest.get(base.resolve("/v2/"), Map.of());
        try (HttpResponse response = http.send(ping)) {
            return response.status() != 400;
        } catch (IOException e) {
            return false;
        }
    }
}
