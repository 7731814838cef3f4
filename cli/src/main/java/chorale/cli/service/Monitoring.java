package chorale.cli.service;

import chorale.cli.CommandException;
import chorale.cli.ConnectionReporter;
import chorale.config.MetricsSettings;
import chorale.monitoring.Question;
import chorale.monitoring.ServiceEndpoint;
import chorale.monitoring.ServiceEndpoint.Source;
import chorale.monitoring.ServiceEndpoint.Subject;
import chorale.monitoring.http.HttpPort;
import chorale.protocol.Health;
import chorale.protocol.bus.Service;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The HTTP endpoint of a service's metrics and health; open only if {@code metrics.port} is set.
 */
final class Monitoring implements AutoCloseable {
  private final Subject subject;
  private final Optional<ServiceEndpoint> endpoint;

  private Monitoring(Subject subject, Optional<ServiceEndpoint> endpoint) {
    this.subject = subject;
    this.endpoint = endpoint;
  }

  static Monitoring open(MetricsSettings settings, Subject subject, Source source)
      throws CommandException {
    if (settings.port().isEmpty()) {
      return new Monitoring(subject, Optional.empty());
    }
    try {
      int port = settings.port().get();
      return new Monitoring(
          subject, Optional.of(ServiceEndpoint.open(settings, port, threads(), subject, source)));
    } catch (IllegalArgumentException e) {
      throw CommandException.mistake(e.getMessage());
    } catch (IOException e) {
      throw CommandException.failure(e.getMessage() + " (--metrics-port)");
    }
  }

  /** Prints the address of the endpoint, if it is open. */
  void tell(PrintWriter out) {
    if (endpoint.isPresent()) {
      String service = (subject.role() + ' ' + subject.name()).strip();
      out.println(service + " serves its metrics at " + endpoint.get().address() + "metrics");
      out.flush();
    }
  }

  /** Returns the threads of an {@link HttpPort}; they end when idle. */
  static ThreadPoolExecutor threads() {
    return new ThreadPoolExecutor(
        0,
        HttpPort.MAX_CONNECTIONS,
        30,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        task -> daemon(task, "requests"));
  }

  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * A source whose queries run on the service's thread, which calls {@link #turn} in every turn of
   * its loop.
   */
  static final class LoopSource implements Source {
    private final ConnectionReporter reporter;
    private final Question<Health> question;

    LoopSource(Service service, Supplier<Health> health, ConnectionReporter reporter) {
      this.reporter = reporter;
      this.question = new Question<>(health, service.inbox()::wake);
    }

    void turn() {
      reporter.look();
      question.turn();
    }

    @Override
    public Health health() throws TimeoutException, InterruptedException {
      return question.ask();
    }

    @Override
    public boolean isReady() {
      return reporter.isConnected();
    }
  }

  @Override
  public void close() {
    endpoint.ifPresent(ServiceEndpoint::close);
  }
}
