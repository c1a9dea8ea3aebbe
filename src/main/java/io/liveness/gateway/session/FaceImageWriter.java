package io.liveness.gateway.session;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Writes a photograph as it arrives. A Multi would do, but for its end: here a broken one breaks the connection, unlogged. */
@Provider
// The second interface says nothing new, but is what Quarkus finds writers by.
public class FaceImageWriter implements ServerMessageBodyWriter<FaceDownload>, MessageBodyWriter<FaceDownload> {

    @Override
    public boolean isWriteable(Class<?> type, Type generic, ResteasyReactiveResourceInfo target, MediaType mediaType) {
        return type == FaceDownload.class;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type == FaceDownload.class;
    }

    @Override
    public void writeResponse(FaceDownload download, Type generic, ServerRequestContext context) {
        download.passOn((ResteasyReactiveRequestContext) context);
    }

    @Override
    public void writeTo(
            FaceDownload download,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        throw new UnsupportedOperationException("A photograph is written without blocking");
    }
}
