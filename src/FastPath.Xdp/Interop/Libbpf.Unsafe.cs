using System.Runtime.InteropServices;

namespace FastPath.Xdp.Interop;

/// <summary>The part of libbpf 1.x that FastPath calls. Results are 0 or positive, or negative errno.</summary>
// SAFETY: pointers name locals or pinned arguments that live until the call returns; libbpf keeps none of them.
internal static unsafe partial class Libbpf
{
    public const int BPF_XDP = 37;
    private const string Library = "libbpf.so.1";

    /// <summary>struct bpf_link_create_opts of bpf/bpf.h; libbpf takes its size from the first field.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct LinkCreateOptions
    {
        public nuint Size;
        public uint Flags;
        public nint IteratorInfo;
        public uint IteratorInfoLength;
        public uint TargetBtfId;
        private readonly ulong _union0;
        private readonly ulong _union1;
        private readonly ulong _union2;
        private readonly ulong _union3;
    }

    public static nint Open(string path)
    {
        nint result = bpf_object__open_file(path, null);
        return result != 0 ? result : throw new XdpException($"opening the BPF object {path}", Marshal.GetLastPInvokeError());
    }

    public static void Load(nint program, string path)
    {
        int result = bpf_object__load(program);
        if (result != 0)
            throw new XdpException($"loading the BPF object {path} (CAP_BPF, CAP_NET_ADMIN?)", -result);
    }

    public static void Close(nint program) => bpf_object__close(program);

    public static int Program(nint program, string name)
    {
        nint found = bpf_object__find_program_by_name(program, name);
        return found != 0 ? bpf_program__fd(found) : throw new XdpException($"the BPF object has no program {name}", 0);
    }

    public static int Map(nint program, string name)
    {
        nint found = bpf_object__find_map_by_name(program, name);
        return found != 0 ? bpf_map__fd(found) : throw new XdpException($"the BPF object has no map {name}", 0);
    }

    /// <summary>Attaches an XDP program to a device: a link descriptor, or -errno.</summary>
    public static int AttachXdp(int program, int ifIndex, uint flags)
    {
        LinkCreateOptions options = new() { Size = (nuint)sizeof(LinkCreateOptions), Flags = flags };
        return bpf_link_create(program, ifIndex, BPF_XDP, &options);
    }

    public static int UpdateLink(int link, int program) => bpf_link_update(link, program, null);

    public static int Pin(int descriptor, string path) => bpf_obj_pin(descriptor, path);

    /// <summary>Opens a pinned object: a descriptor, or -errno.</summary>
    public static int Get(string path) => bpf_obj_get(path);

    public static int Update<TKey, TValue>(int map, TKey key, TValue value)
        where TKey : unmanaged where TValue : unmanaged => bpf_map_update_elem(map, &key, &value, 0);

    public static int Delete<TKey>(int map, TKey key) where TKey : unmanaged => bpf_map_delete_elem(map, &key);

    /// <summary>Next key after <paramref name="key"/>, for clearing a map; false at the end.</summary>
    public static bool TryNextKey<TKey>(int map, TKey? key, out TKey next) where TKey : unmanaged
    {
        TKey from = key.GetValueOrDefault();
        TKey found = default;
        bool any = bpf_map_get_next_key(map, key.HasValue ? &from : null, &found) == 0;
        next = found;
        return any;
    }

    /// <summary>Silences libbpf's messages on stderr: errors come back as values.</summary>
    public static void Quiet() => libbpf_set_print(0);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial nint bpf_object__open_file(string path, void* options);

    [LibraryImport(Library)]
    private static partial int bpf_object__load(nint program);

    [LibraryImport(Library)]
    private static partial void bpf_object__close(nint program);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint bpf_object__find_program_by_name(nint program, string name);

    [LibraryImport(Library)]
    private static partial int bpf_program__fd(nint program);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint bpf_object__find_map_by_name(nint program, string name);

    [LibraryImport(Library)]
    private static partial int bpf_map__fd(nint map);

    [LibraryImport(Library)]
    private static partial int bpf_link_create(int program, int target, int type, void* options);

    [LibraryImport(Library)]
    private static partial int bpf_link_update(int link, int program, void* options);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int bpf_obj_pin(int descriptor, string path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int bpf_obj_get(string path);

    [LibraryImport(Library)]
    private static partial int bpf_map_update_elem(int map, void* key, void* value, ulong flags);

    [LibraryImport(Library)]
    private static partial int bpf_map_delete_elem(int map, void* key);

    [LibraryImport(Library)]
    private static partial int bpf_map_get_next_key(int map, void* key, void* next);

    [LibraryImport(Library)]
    private static partial nint libbpf_set_print(nint callback);
}
