package chorale.cli.doctor;

import chorale.config.KeyFile;
import chorale.config.ReplyKeys;
import chorale.config.Settings;
import chorale.config.SettingsException;
import chorale.config.WorkerSettings;
import chorale.protocol.Address;
import chorale.protocol.Fleet;
import chorale.protocol.Message;
import chorale.protocol.Role;
import chorale.protocol.SigningKey;
import chorale.protocol.Topics;
import chorale.protocol.WorkerInfo;
import chorale.protocol.bus.Subscription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A check of the keys that sign replies and tensors: whether their files are usable, and which
 * workers' replies the aggregator of this configuration rejects. Used once, by one thread.
 */
final class SigningCheck {
  private static final String ABOUT = "signing";

  private final Settings settings;
  private final Topics topics;
  private final Fleet fleet = new Fleet();
  private Optional<ReplyKeys> keys = Optional.empty();

  SigningCheck(Settings settings) {
    this.settings = settings;
    this.topics = new Topics(settings.site());
  }

  /** Returns no finding if no key is set. */
  List<Finding> files() {
    List<Finding> findings = new ArrayList<>();
    Settings.KeyFiles files = settings.keyFiles();
    files.tensorKey().ifPresent(file -> key(file, "tensors", findings));
    Optional<SigningKey> own = files.replyKey().flatMap(file -> key(file, "replies", findings));
    files.replyKeys().ifPresent(file -> keys = replyKeys(file, findings));
    if (own.isPresent() && keys.isPresent()) {
      settings
          .worker()
          .map(WorkerSettings::name)
          .ifPresent(name -> compare(name, own.get(), findings));
    }
    return findings;
  }

  private static Optional<SigningKey> key(Path file, String signed, List<Finding> findings) {
    try {
      SigningKey key = KeyFile.read(file);
      findings.add(Finding.ok(ABOUT, file + ": valid key for " + signed));
      return Optional.of(key);
    } catch (SettingsException e) {
      findings.add(Finding.fail(ABOUT, e.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<ReplyKeys> replyKeys(Path file, List<Finding> findings) {
    try {
      ReplyKeys read = ReplyKeys.read(file);
      findings.add(Finding.ok(ABOUT, file + ": valid reply keys: " + read.byWorker().size()));
      return Optional.of(read);
    } catch (SettingsException e) {
      findings.add(Finding.fail(ABOUT, e.getMessage()));
      return Optional.empty();
    }
  }

  /** Compares the keys of the worker and the aggregator of this configuration. */
  private void compare(String worker, SigningKey own, List<Finding> findings) {
    ReplyKeys known = keys.orElseThrow();
    Optional<SigningKey> there = Optional.ofNullable(known.byWorker().get(worker));
    if (there.isEmpty()) {
      findings.add(withoutKey(worker, known));
    } else if (!there.get().equals(own)) {
      findings.add(
          Finding.fail(
              ABOUT,
              "replies of %s are rejected: its key in %s is not the key in worker.reply-key-file"
                  .formatted(worker, known)));
    }
  }

  private static Finding withoutKey(String worker, ReplyKeys known) {
    return Finding.fail(
        ABOUT,
        "replies of %s are rejected: %s has no key for it; if the worker is yours, add its key"
            .formatted(worker, known));
  }

  // ---- the workers at the broker

  /** Returns the subscriptions for the workers' info; none without keys. */
  List<Subscription> subscriptions() {
    return keys.isEmpty()
        ? List.of()
        : topics.statusFilters(Role.WORKER).stream().map(Subscription::withRetained).toList();
  }

  void hear(Message message) {
    if (topics.parse(message.topic()) instanceof Address.Status status) {
      var unused = fleet.hear(status, message.payload());
    }
  }

  /** Returns a finding for each online worker without a key. */
  List<Finding> online() {
    List<Finding> findings = new ArrayList<>();
    for (WorkerInfo each : fleet.onlineWorkers()) {
      String worker = each.author().worker();
      if (!keys.orElseThrow().byWorker().containsKey(worker)) {
        findings.add(withoutKey(worker, keys.get()));
      }
    }
    return findings;
  }
}
