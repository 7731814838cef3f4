package chorale.cli;

import chorale.config.WorkerSettings;
import chorale.imaging.ImageRejectedException;
import chorale.protocol.Assignment;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestRules;
import chorale.protocol.Topics;
import chorale.protocol.bus.BusFactory;
import chorale.protocol.bus.ServiceEndedException;
import chorale.variants.ModelSet;
import chorale.variants.VariantManifest;
import chorale.worker.AllFrames;
import chorale.worker.BoardEmulation;
import chorale.worker.Classifier;
import chorale.worker.Engine;
import chorale.worker.Probabilities;
import chorale.worker.Worker;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * A lying worker: a real worker with a real network whose answers are replaced. Runs on its own
 * thread until it is closed.
 */
final class LyingBoard implements AutoCloseable {
  private final String name;
  private final Engine engine;
  private final Worker worker;
  private final Thread thread;
  private volatile boolean closed;

  /** A replacement of the network's answer. */
  interface Lie {
    float[] instead(float[] honest);

    /** Returns random classes with random probabilities. */
    static Lie random(long seed) {
      Random random = new Random(seed);
      return honest -> {
        float[] lie = new float[honest.length];
        lie[random.nextInt(lie.length)] = .5f + random.nextFloat() / 2;
        return lie;
      };
    }

    /** Returns the next class instead of each class. */
    static Lie labelFlip() {
      return honest -> {
        float[] lie = new float[honest.length];
        for (int i = 0; i < lie.length; i++) {
          lie[(i + 1) % lie.length] = honest[i];
        }
        return lie;
      };
    }

    /** Returns honest answers for a number of frames, then another lie. */
    static Lie sleeper(int frames, Lie then) {
      int[] count = {0};
      return honest -> count[0]++ < frames ? honest : then.instead(honest);
    }
  }

  private record LyingEngine(Engine honest, Lie lie) implements Engine {
    @Override
    public Output run(Input input) throws ImageRejectedException {
      Probabilities said = (Probabilities) honest.run(input);
      float[] values = new float[said.classCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) said.of(i);
      }
      return Probabilities.wrap(lie.instead(values));
    }

    @Override
    public Engine another() {
      return new LyingEngine(honest.another(), lie);
    }

    @Override
    public ModelSet modelSet() {
      return honest.modelSet();
    }

    @Override
    public VariantManifest manifest() {
      return honest.manifest();
    }

    @Override
    public double selfBenchmarkMillis() {
      return honest.selfBenchmarkMillis();
    }

    @Override
    public void close() {
      honest.close();
    }
  }

  LyingBoard(String name, String variant, Path models, Topics topics, BusFactory buses, Lie lie)
      throws Exception {
    this.name = name;
    ModelSet set = ModelSet.load(models);
    Classifier.Settings runtime = new Classifier.Settings(1, 1 << 22);
    engine = new LyingEngine(Classifier.open(set, variant, runtime, System::nanoTime), lie);
    WorkerSettings settings =
        new WorkerSettings(
            variant,
            name,
            models,
            1,
            1,
            1 << 22,
            1,
            Duration.ofSeconds(10),
            WorkerSettings.Place.VARIANT);
    Worker.Dependencies dependencies =
        new Worker.Dependencies(
            settings,
            topics,
            new ReplyCodec(),
            System::nanoTime,
            Clock.systemUTC(),
            BoardEmulation.NONE,
            task -> new Thread(task, "inference of " + name).start(),
            new SecureRandom().nextLong(),
            "test",
            counters -> {});
    RequestRules rules = new RequestRules(topics, RequestRules.Defaults.STANDARD, List.of());
    worker =
        new Worker(dependencies, engine, new AllFrames(Assignment.VARIANT, topics, rules), buses);
    thread = new Thread(this::run, "lying board " + name);
    thread.start();
  }

  private void run() {
    try {
      while (!closed) {
        worker.inbox().await(worker.runOnce());
      }
    } catch (ServiceEndedException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String name() {
    return name;
  }

  @Override
  public void close() {
    closed = true;
    worker.inbox().wake();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    worker.close();
    engine.close();
  }
}
