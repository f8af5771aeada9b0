using System;
using System.IO;
using FastPath.Xdp.Interop;

namespace FastPath.Xdp;

/// <summary>Files in a BPF file system that keep links, programs and maps alive without a process.</summary>
[Control]
internal static class BpfPins
{
    /// <summary>Makes a directory for pins; false when that is not possible.</summary>
    public static bool TryPrepare(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Pins one object under a name of its own first, so that no moment is without a pin.</summary>
    public static bool TryPin(int descriptor, string path)
    {
        string fresh = path + "-new"; // no dots: the BPF file system keeps them to itself
        File.Delete(fresh);
        if (Libbpf.Pin(descriptor, fresh) != 0)
            return false;
        File.Move(fresh, path, overwrite: true);
        return true;
    }

    /// <summary>Removes a directory of pins with all that is in it.</summary>
    public static void Remove(string directory)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (string file in Directory.GetFiles(directory))
            File.Delete(file);
        Directory.Delete(directory);
    }
}
