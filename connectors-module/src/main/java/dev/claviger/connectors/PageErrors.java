package dev.claviger.connectors;

import dev.claviger.connectors.api.AgentRejected;
import dev.claviger.connectors.api.ConnectorRejected;
import dev.claviger.credentials.api.CredentialRejected;
import dev.claviger.oauth.api.AuthorizationRejected;
import dev.claviger.toolsync.api.ToolCatalogRejected;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;

/** Shows what a button was refused for, as a sentence on a page of its own. */
@ControllerAdvice(
        assignableTypes = {
            ConnectorController.class,
            ConnectorEndController.class,
            ConnectorFormController.class,
            AgentController.class,
            AgentKeyController.class,
            AgentConnectorController.class
        })
class PageErrors {

    @ExceptionHandler({
        ConnectorRejected.class,
        AgentRejected.class,
        ToolCatalogRejected.class,
        CredentialRejected.class,
        AuthorizationRejected.class
    })
    String refused(RuntimeException refusal, HttpServletResponse response, Model model) {
        response.setStatus(HttpStatus.CONFLICT.value());
        model.addAttribute("title", "Not possible now");
        model.addAttribute("sentence", refusal.getMessage());
        return "connectors/refused";
    }
}
