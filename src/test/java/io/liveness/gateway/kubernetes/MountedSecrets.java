package io.liveness.gateway.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/** Secrets as a pod finds them: links to links, so that all files of a Secret change at once. */
record MountedSecrets(Path root) {

    /** At the directories of this machine that stand for the pod's. */
    void mount(Manifests all, Workload workload) throws IOException {
        for (Map.Entry<String, SecretVolumeSource> mounted :
                ConfigurationRules.wholeSecrets(workload).entrySet()) {
            Secret secret = all.one(Secret.class, mounted.getValue().getSecretName());
            mount(at(mounted.getKey()), secret.getData());
        }
    }

    Path at(String directory) {
        return root.resolve(directory.substring(1));
    }

    private static void mount(Path directory, Map<String, String> data) throws IOException {
        if (Files.exists(directory)) {
            return;
        }
        Path version = Files.createDirectories(directory.resolve("..2026_01_01_00_00_00.1"));
        Path current = Files.createSymbolicLink(directory.resolve("..data"), version.getFileName());
        for (Map.Entry<String, String> file : data.entrySet()) {
            Files.write(version.resolve(file.getKey()), Base64.getDecoder().decode(file.getValue()));
            Files.createSymbolicLink(
                    directory.resolve(file.getKey()), current.getFileName().resolve(file.getKey()));
        }
    }
}
