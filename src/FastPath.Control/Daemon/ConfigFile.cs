using System.IO;
using System.Text;

namespace FastPath.Control.Daemon;

/// <summary>Reads configuration files.</summary>
internal static class ConfigFile
{
    /// <summary>As many bytes as REST takes.</summary>
    public const int BytesMax = 16 << 20;

    /// <summary>The text of a file of at most <see cref="BytesMax"/> bytes; a device that never ends is refused, too.</summary>
    /// <exception cref="IOException">Not there, or too large.</exception>
    public static string Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        using MemoryStream text = new();
        byte[] buffer = new byte[65_536];
        for (int read; (read = file.Read(buffer)) != 0;)
        {
            text.Write(buffer, 0, read);
            if (text.Length > BytesMax)
                throw new IOException($"{path} has more than {BytesMax >> 20} MiB, which no configuration has");
        }

        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length).TrimStart('\uFEFF');
    }
}
