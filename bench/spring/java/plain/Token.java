package plain;

import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;

@Entity
@Table(name = "session_token")
@AttributeOverride(name = "id", column = @Column(name = "session_id"))
class Token extends Row {

    byte[] tokenHash;

    protected Token() {}

    Token(Session session) {
        this.id = session.id;
        this.tokenHash = session.tokenHash;
    }
}
