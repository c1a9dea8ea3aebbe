package io.liveness.gateway.sandbox;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;

/** A drawn face that belongs to nobody. */
final class FaceImage {

    static final byte[] JPEG = draw();

    private FaceImage() {}

    private static byte[] draw() {
        BufferedImage image = new BufferedImage(240, 320, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        oval(graphics, new Color(0xd9e2ec), -120, -80, 480, 480);
        oval(graphics, new Color(0x486581), 10, 230, 220, 180);
        oval(graphics, new Color(0xf0c9a4), 60, 60, 120, 160);
        oval(graphics, new Color(0x243b53), 88, 120, 14, 14);
        oval(graphics, new Color(0x243b53), 138, 120, 14, 14);
        oval(graphics, new Color(0xba5d5d), 100, 170, 40, 12);
        graphics.dispose();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            ImageIO.write(image, "jpg", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void oval(Graphics2D graphics, Color color, int x, int y, int width, int height) {
        graphics.setColor(color);
        graphics.fillOval(x, y, width, height);
    }
}
