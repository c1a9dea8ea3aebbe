package io.liveness.gateway.statement.xlsx;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a part names as belonging to it (ECMA-376, part 2, clause 9.3). */
final class Relations {

    /**
     * A relation.
     *
     * @param type the last part of its type, the same in both forms of the standard
     * @param target the name of the part
     */
    record Relation(String id, String type, String target) {}

    private final List<Relation> all = new ArrayList<>();

    private Relations() {}

    /** @param part the name of a part; empty for the file itself */
    static Relations of(String part, ZipParts zip) {
        int slash = part.lastIndexOf('/') + 1;
        String folder = part.substring(0, slash);
        Relations relations = new Relations();
        zip.xml(folder + "_rels/" + part.substring(slash) + ".rels").ifPresent(xml -> {
            try (xml) {
                relations.read(xml, folder);
            }
        });
        return relations;
    }

    private void read(Xml xml, String folder) {
        while (xml.next()) {
            if (xml.begins("Relationship")) {
                String type = Optional.ofNullable(xml.attribute("Type")).orElse("");
                String target = Optional.ofNullable(xml.attribute("Target")).orElse("");
                all.add(new Relation(
                        Optional.ofNullable(xml.attribute("Id")).orElse(""),
                        type.substring(type.lastIndexOf('/') + 1),
                        target.startsWith("/") ? target.substring(1) : folder + target));
            }
        }
    }

    boolean has(String type) {
        return target(type).isPresent();
    }

    /** Of the first one of a type. */
    Optional<String> target(String type) {
        return all.stream()
                .filter(relation -> relation.type().equals(type))
                .map(Relation::target)
                .findFirst();
    }

    Optional<Relation> byId(String id) {
        return all.stream().filter(relation -> relation.id().equals(id)).findFirst();
    }
}
