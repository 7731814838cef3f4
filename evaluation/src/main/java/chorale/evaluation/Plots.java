package chorale.evaluation;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.Processor;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * Writes one drawing as PNG, with two pixels a point for sharp screens, and as SVG, from the same
 * calls. Needs no display. Stateless.
 */
public final class Plots {
  public static final int WIDTH = 860;
  public static final int HEIGHT = 520;

  private static final int SHARPNESS = 2;

  /** Something to be seen, {@link #WIDTH} by {@link #HEIGHT}. */
  @FunctionalInterface
  public interface Drawing {
    void draw(Graphics2D graphics);
  }

  private Plots() {}

  /**
   * @param name of both files, without an ending
   */
  public static void write(Drawing drawing, Path folder, String name) throws IOException {
    Files.write(folder.resolve(name + ".png"), png(drawing));
    Files.writeString(folder.resolve(name + ".svg"), svg(drawing));
  }

  private static byte[] png(Drawing drawing) throws IOException {
    BufferedImage image =
        new BufferedImage(WIDTH * SHARPNESS, HEIGHT * SHARPNESS, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SHARPNESS, SHARPNESS);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    drawing.draw(graphics);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private static String svg(Drawing drawing) throws IOException {
    VectorGraphics2D graphics = new VectorGraphics2D();
    drawing.draw(graphics);
    Processor processor = new SVGProcessor();
    Document document =
        processor.getDocument(graphics.getCommands(), new PageSize(0, 0, WIDTH, HEIGHT));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    document.writeTo(out);
    return sameNames(out.toString(StandardCharsets.UTF_8));
  }

  /** The library names clip paths by their identity; here by their order, the same in every run. */
  private static String sameNames(String svg) {
    Map<String, String> names = new HashMap<>();
    return Pattern.compile("clip-?\\d+")
        .matcher(svg)
        .replaceAll(
            found -> names.computeIfAbsent(found.group(), name -> "clip-" + (names.size() + 1)));
  }
}
