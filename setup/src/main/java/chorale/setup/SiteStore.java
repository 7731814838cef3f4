package chorale.setup;

import chorale.protocol.access.PasswordHash;
import chorale.protocol.access.UserEntry;
import chorale.setup.SecuredSite.Listener;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A reader and writer of {@value #FILE}, the source of all other files in a site's folder. It
 * contains every secret of the site. Stateless.
 */
final class SiteStore {
  static final String FILE = "site.json";

  private static final int SCHEMA = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SiteStore() {}

  static Optional<SecuredSite> read(Path folder) throws SetupException, IOException {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      JsonNode json = MAPPER.readTree(Files.readAllBytes(file));
      if (json.path("schema").asInt() != SCHEMA) {
        throw new IllegalArgumentException("schema " + json.path("schema"));
      }
      return Optional.of(site(json));
    } catch (com.fasterxml.jackson.core.JacksonException | IllegalArgumentException e) {
      throw new SetupException(
          file + ": not a site of this version of Chorale; restore it from a backup");
    }
  }

  static void write(Path folder, SecuredSite site) throws IOException {
    byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(json(site));
    PrivateFiles.write(folder.resolve(FILE), json);
  }

  private static SecuredSite site(JsonNode json) {
    String name = text(json, "site");
    List<String> hosts = new ArrayList<>();
    json.path("hosts").forEach(each -> hosts.add(each.asText()));
    List<SiteMember> members = new ArrayList<>();
    json.path("members").forEach(each -> members.add(member(each, name)));
    return new SecuredSite(
        name,
        new Listener(hosts, json.path("port").asInt()),
        json.path("client_certificates").asBoolean(),
        credential(json.path("authority")),
        credential(json.path("broker")),
        text(json, "tensor_key"),
        members);
  }

  private static SiteMember member(JsonNode json, String site) {
    UserEntry entry =
        new UserEntry(
            UserEntry.identity(text(json, "name"), text(json, "role"), site),
            PasswordHash.parse(text(json, "password_hash")));
    return new SiteMember(
        entry,
        text(json, "password"),
        json.has("reply_key") ? Optional.of(text(json, "reply_key")) : Optional.empty(),
        json.has("client") ? Optional.of(credential(json.path("client"))) : Optional.empty());
  }

  private static Credential credential(JsonNode json) {
    String certificate = text(json, "certificate");
    var unused = SiteAuthority.certificate(certificate); // fails early, with the file's name
    return new Credential(certificate, text(json, "key"));
  }

  private static String text(JsonNode json, String field) {
    if (!json.path(field).isTextual()) {
      throw new IllegalArgumentException("no " + field);
    }
    return json.path(field).textValue();
  }

  private static ObjectNode json(SecuredSite site) {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("schema", SCHEMA).put("site", site.name()).put("port", site.listener().port());
    ArrayNode hosts = json.putArray("hosts");
    site.listener().hosts().forEach(hosts::add);
    json.put("client_certificates", site.clientCertificates());
    put(json.putObject("authority"), site.authority());
    put(json.putObject("broker"), site.broker());
    json.put("tensor_key", site.tensorKey());
    ArrayNode members = json.putArray("members");
    for (SiteMember member : site.members()) {
      ObjectNode each = members.addObject();
      each.put("name", member.name()).put("role", member.entry().role());
      each.put("password", member.password());
      each.put("password_hash", member.entry().password().text());
      member.replyKey().ifPresent(key -> each.put("reply_key", key));
      member.client().ifPresent(client -> put(each.putObject("client"), client));
    }
    return json;
  }

  private static void put(ObjectNode json, Credential credential) {
    json.put("certificate", credential.certificate()).put("key", credential.key());
  }
}
