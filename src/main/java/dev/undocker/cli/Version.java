package dev.undocker.cli;

import picocli.CommandLine.IVersionProvider;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/// The version that the build wrote into `undocker.properties`.
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/undocker.properties")) {
            properties.load(in);
        }
        return new String[] {"undocker " + properties.getProperty("version")};
    }
}
