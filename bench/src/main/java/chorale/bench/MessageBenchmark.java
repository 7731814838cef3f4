package chorale.bench;

import chorale.protocol.Bytes;
import chorale.protocol.MalformedException;
import chorale.protocol.Reply;
import chorale.protocol.ReplyCodec;
import chorale.protocol.RequestKey;
import chorale.protocol.Result;
import chorale.protocol.ResultCodec;
import chorale.protocol.Signer;
import chorale.protocol.bus.ServiceEndedException;
import java.io.IOException;
import java.util.Optional;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A JMH benchmark of encoding and decoding messages. Used by one thread. */
@State(Scope.Thread)
public class MessageBenchmark {
  private final ReplyCodec replies = new ReplyCodec();
  private final ReplyCodec signing = new ReplyCodec(MicroSite.key(5));
  private final Signer author = new Signer(MicroSite.key(5));
  private final ResultCodec results = new ResultCodec();
  private Bytes image = Bytes.EMPTY;
  private Reply reply;
  private Bytes packedReply = Bytes.EMPTY;
  private Bytes signedReply = Bytes.EMPTY;
  private Result result;
  private Bytes writtenResult = Bytes.EMPTY;

  @Setup
  public void prepare() throws IOException, MalformedException, ServiceEndedException {
    image = BenchImages.load().get(0);
    MicroSite.Exchange exchange = MicroSite.Exchange.about(image, false);
    packedReply = exchange.replies().get(4).payload();
    reply = replies.decode(packedReply);
    signedReply = signing.encode(reply);
    writtenResult = new MicroSite(false).result(exchange);
    result = results.decode(writtenResult);
  }

  @Benchmark
  public Bytes encodeReply() {
    return replies.encode(reply);
  }

  @Benchmark
  public Reply decodeReply() throws MalformedException {
    return replies.decode(packedReply);
  }

  @Benchmark
  public Bytes encodeSignedReply() {
    return signing.encode(reply);
  }

  @Benchmark
  public boolean decodeAndVerifySignedReply() throws MalformedException {
    return replies.receive(signedReply).isSignedBy(author);
  }

  @Benchmark
  public Bytes encodeResult() {
    return results.encode(result);
  }

  @Benchmark
  public Result decodeResult() throws MalformedException {
    return results.decode(writtenResult);
  }

  @Benchmark
  public RequestKey keyOfRequest() {
    return RequestKey.of("gate", Optional.empty(), image);
  }
}
