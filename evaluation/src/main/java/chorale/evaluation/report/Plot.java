package chorale.evaluation.report;

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
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;

/**
 * A drawing of {@link #WIDTH} by {@link #HEIGHT} points, for PNG (2 pixels per point) and SVG. It
 * works without a display. Immutable.
 *
 * @param file name of the files, without extension
 * @param draw called once for each format
 */
public record Plot(String file, String title, Consumer<Graphics2D> draw) {
  public static final int WIDTH = 860;
  public static final int HEIGHT = 520;

  private static final int PIXELS_PER_POINT = 2;

  public String png() {
    return file + ".png";
  }

  public String svg() {
    return file + ".svg";
  }

  public void write(Path folder) throws IOException {
    Files.write(folder.resolve(png()), renderPng());
    Files.writeString(folder.resolve(svg()), renderSvg());
  }

  private byte[] renderPng() throws IOException {
    BufferedImage image =
        new BufferedImage(
            WIDTH * PIXELS_PER_POINT, HEIGHT * PIXELS_PER_POINT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(PIXELS_PER_POINT, PIXELS_PER_POINT);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    draw.accept(graphics);
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  private String renderSvg() throws IOException {
    VectorGraphics2D graphics = new VectorGraphics2D();
    draw.accept(graphics);
    Processor processor = new SVGProcessor();
    Document document =
        processor.getDocument(graphics.getCommands(), new PageSize(0, 0, WIDTH, HEIGHT));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    document.writeTo(out);
    return withStableNames(out.toString(StandardCharsets.UTF_8));
  }

  /** Renames clip paths by order, for stable output: the library names them by object identity. */
  private static String withStableNames(String svg) {
    Map<String, String> names = new HashMap<>();
    return Pattern.compile("clip-?\\d+")
        .matcher(svg)
        .replaceAll(
            found -> names.computeIfAbsent(found.group(), name -> "clip-" + (names.size() + 1)));
  }
}
