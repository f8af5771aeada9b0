using System.Runtime.InteropServices;

namespace FastPath.Xdp.Interop;

/// <summary>Calls about mounted file systems; 0 or -errno.</summary>
// SAFETY: the one buffer is larger than struct statfs of any 64-bit Linux, and no pointer is kept.
internal static unsafe partial class Mounts
{
    private const long BPF_FS_MAGIC = 0xcafe4a11;
    private const int StatfsBytes = 256; // struct statfs is 120 on 64-bit Linux, its type is the first word
    private const int MNT_DETACH = 2;

    /// <summary>Whether a path lies in a BPF file system.</summary>
    public static bool IsBpf(string path)
    {
        long* status = stackalloc long[StatfsBytes / sizeof(long)];
        return StatFs(path, status) == 0 && status[0] == BPF_FS_MAGIC;
    }

    public static int MountBpf(string directory) => Result(Mount("bpf", directory, "bpf", 0, null));

    public static int Unmount(string directory) => Result(Unmount2(directory, MNT_DETACH));

    private static int Result(int result) => result == 0 ? 0 : -Marshal.GetLastSystemError();

    [LibraryImport("libc", EntryPoint = "statfs", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatFs(string path, void* status);

    [LibraryImport("libc", EntryPoint = "mount", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string type, nuint flags, void* data);

    [LibraryImport("libc", EntryPoint = "umount2", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unmount2(string target, int flags);
}
