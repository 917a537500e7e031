package dev.claviger.app.security;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/** What the OpenAPI description says of the whole API: its address and how to be let in. */
@Configuration(proxyBeanMethods = false)
class ApiDescription {

    @Bean
    OpenAPI description(@Value("${claviger.public-url}") String publicUrl) {
        SecurityScheme bearer = new SecurityScheme()
                .type(SecurityScheme.Type.HTTP)
                .scheme("bearer")
                .description("An admin's API token; for /api/v1/agent an agent's key.");
        return new OpenAPI()
                .info(new Info()
                        .title("Claviger")
                        .version("1")
                        .description(
                                "Connections to MCP servers: whatever an admin can do on a page, and what agents ask"
                                        + " for. Errors are application/problem+json."))
                .addServersItem(new Server().url(publicUrl))
                .components(new Components().addSecuritySchemes("bearer", bearer))
                .addSecurityItem(new SecurityRequirement().addList("bearer"));
    }

    /** What is read and written by a rule of its own, and so is not what its class looks like. */
    @Bean
    ModelConverter asOnTheWire() {
        return new ModelConverter() {
            @Override
            public @Nullable Schema<?> resolve(
                    AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> chain) {
                Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
                if (JsonNode.class.isAssignableFrom(raw)) {
                    return new JsonSchema().typesItem("object");
                }
                // By the name: such classes are private to their modules.
                if (raw.getSimpleName().endsWith("Secret")) {
                    return new JsonSchema()
                            .typesItem("string")
                            .format("password")
                            .writeOnly(true);
                }
                return chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
            }
        };
    }

    @Bean
    OpenApiCustomizer refusals() {
        return api -> {
            Schema<?> errors = new JsonSchema()
                    .typesItem("object")
                    .description("what is wrong, by field")
                    .additionalProperties(text());
            Schema<?> problem = new JsonSchema()
                    .typesItem("object")
                    .description("RFC 9457")
                    .addProperty("type", text())
                    .addProperty("title", text())
                    .addProperty("status", new JsonSchema().typesItem("integer"))
                    .addProperty("detail", text())
                    .addProperty("instance", text())
                    .addProperty("errors", errors);
            api.getComponents()
                    .addSchemas("Problem", problem)
                    .addResponses(
                            "Problem",
                            new ApiResponse()
                                    .description("Refused; the detail says what to do")
                                    .content(new Content()
                                            .addMediaType(
                                                    "application/problem+json",
                                                    new MediaType()
                                                            .schema(new JsonSchema()
                                                                    .$ref("#/components/schemas/Problem")))));
            api.getPaths().values().stream()
                    .flatMap(path -> path.readOperations().stream())
                    .forEach(operation -> operation
                            .getResponses()
                            .addApiResponse("4XX", new ApiResponse().$ref("#/components/responses/Problem")));
        };
    }

    private static Schema<?> text() {
        return new JsonSchema().typesItem("string");
    }
}
