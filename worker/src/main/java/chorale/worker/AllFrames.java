package chorale.worker;

import chorale.protocol.Address;
import chorale.protocol.Assignment;
import chorale.protocol.Judgment;
import chorale.protocol.RequestRules;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusEvent;
import chorale.protocol.bus.Subscription;
import chorale.worker.Job.Spent;
import java.util.List;
import java.util.Objects;

/**
 * The strategy of a worker that runs a whole network on each frame of every camera and replies to
 * it. This is variant parallelism; the strategies data, class and single use it too. Immutable.
 *
 * @param assignment the worker's part in the site's strategy
 */
public record AllFrames(Assignment assignment, Topics topics, RequestRules rules)
    implements WorkerStrategy {
  public AllFrames {
    Objects.requireNonNull(assignment, "assignment");
    Objects.requireNonNull(topics, "topics");
    Objects.requireNonNull(rules, "rules");
  }

  @Override
  public List<Subscription> subscriptions() {
    return List.of(Subscription.live(topics.imageFilter()));
  }

  @Override
  public Judgment<Job> judge(Address address, BusEvent.Delivered delivered) {
    return rules.judge(address, delivered.message()).map(request -> Job.of(request, delivered));
  }

  @Override
  public void publish(Job job, Engine.Output output, Spent spent, ReplyPublisher publisher) {
    publisher.topK(job, (Probabilities) output, spent);
  }
}
