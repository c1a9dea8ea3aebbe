package plain;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "ledger_entry")
class LedgerEntry {

    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    Long id;

    UUID sessionId;
    String kind;
    String taskNo;
    String basis;
    long amount;
    String currency;
    Instant recordedAt;
    String caller;
    Instant initAt;

    protected LedgerEntry() {}

    LedgerEntry(Session session) {
        this.sessionId = session.id;
        this.kind = "PRE_DEDUCT";
        this.taskNo = session.taskNo;
        this.basis = "VENDOR";
        this.amount = session.feeAmount;
        this.currency = session.feeCurrency;
        this.recordedAt = session.updatedAt;
        this.caller = session.caller;
        this.initAt = session.initAt;
    }
}
