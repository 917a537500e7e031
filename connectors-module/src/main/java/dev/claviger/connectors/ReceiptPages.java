package dev.claviger.connectors;

import dev.claviger.connectors.api.ConnectionId;
import dev.claviger.connectors.api.ConnectorId;
import dev.claviger.connectors.api.ReceiptQuery.FindPendingReceipts;
import dev.claviger.connectors.api.ReceiptQuery.FindReceipt;
import dev.claviger.connectors.api.ReceiptQuery.FindReceiptsOfAgent;
import dev.claviger.connectors.api.ReceiptQuery.Receipt;
import dev.claviger.connectors.api.ReceiptQuery.Receipts;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseBody;

/** What was done so that the credential of an ended connection is dead, for people and for programs. */
@Controller
class ReceiptPages {

    private static final int PAGE = 50;
    private static final String NONE =
            "There is no receipt: this connection has not ended, or it never came to hold a credential.";

    private final Answers answers;
    private final Clock clock;

    ReceiptPages(Answers answers, Clock clock) {
        this.answers = answers;
        this.clock = clock;
    }

    @GetMapping("/connections/{uuid}/receipt")
    String page(@PathVariable String uuid, Model model) {
        Receipt receipt = find(uuid);
        model.addAttribute("title", "Receipt");
        model.addAttribute("section", receipt.agentId() == null ? "connectors" : "agents");
        model.addAttribute("receipt", ReceiptPanel.of(receipt, clock.instant()));
        return "connectors/receipt";
    }

    /** Every credential whose end is not complete, the oldest first. */
    @GetMapping("/receipts")
    String pending(@RequestParam @Nullable Integer offset, Model model) {
        int from = Pager.offset(offset);
        Instant now = clock.instant();
        Receipts pending = answers.one(new FindPendingReceipts(null, from, PAGE), Receipts.class);
        model.addAttribute("title", "Disconnects under way");
        model.addAttribute("section", "dashboard");
        model.addAttribute("any", !pending.items().isEmpty());
        model.addAttribute(
                "receipts",
                pending.items().stream()
                        .map(receipt -> ReceiptPanel.of(receipt, now))
                        .toList());
        model.addAttribute(
                "pager", Pager.of("/receipts", from, PAGE, pending.items().size(), pending.total()));
        return "connectors/receipts";
    }

    /** The receipt of a connection that ended. */
    @GetMapping("/api/v1/connections/{id}/receipt")
    @ResponseBody
    ReceiptJson.Answer json(@PathVariable String id) {
        return ReceiptJson.Answer.of(find(id));
    }

    /**
     * The receipts with a step that is still tried, the oldest first.
     *
     * @param connectorId only of this connector
     */
    @GetMapping("/api/v1/receipts")
    @ResponseBody
    ReceiptJson.Page pendingJson(
            @RequestParam @Nullable String connectorId,
            @RequestParam @Nullable Integer offset,
            @RequestParam @Nullable Integer limit) {
        ConnectorId connector = connectorId == null ? null : Ids.connector(connectorId);
        Receipts pending = answers.one(
                new FindPendingReceipts(connector, Pager.offset(offset), Pager.limit(limit, PAGE)), Receipts.class);
        return new ReceiptJson.Page(
                pending.items().stream().map(ReceiptJson.Answer::of).toList(), pending.total());
    }

    /** The receipts of the connections that an agent had of its own, the newest first; of removed agents too. */
    @GetMapping("/api/v1/agents/{id}/receipts")
    @ResponseBody
    ReceiptJson.Page ofAgentJson(
            @PathVariable String id, @RequestParam @Nullable Integer offset, @RequestParam @Nullable Integer limit) {
        Receipts receipts = answers.one(
                new FindReceiptsOfAgent(Ids.agent(id), Pager.offset(offset), Pager.limit(limit, PAGE)), Receipts.class);
        return new ReceiptJson.Page(
                receipts.items().stream().map(ReceiptJson.Answer::of).toList(), receipts.total());
    }

    private Receipt find(String text) {
        ConnectionId id = Ids.connection(text);
        return answers.maybe(new FindReceipt(id), Receipt.class).orElseThrow(() -> new NotFound(NONE));
    }
}
