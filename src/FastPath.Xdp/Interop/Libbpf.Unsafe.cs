using System;
using System.Runtime.InteropServices;

namespace FastPath.Xdp.Interop;

/// <summary>The part of libbpf 1.x that FastPath calls. Results are 0 or positive, or negative errno.</summary>
// SAFETY: pointers name locals or pinned arguments that live until the call returns; libbpf keeps none of them.
internal static unsafe partial class Libbpf
{
    public const int BPF_XDP = 37;
    public const int BPF_TCX_INGRESS = 46;
    public const int BPF_TCX_EGRESS = 47;

    /// <summary>The program takes packets that span several buffers.</summary>
    private const uint BPF_F_XDP_HAS_FRAGS = 1 << 5;

    /// <summary>Where struct bpf_link_info of an XDP link has its device, bytes; a tcx link has it there, too.</summary>
    private const int BPF_LINK_INFO_XDP_IFINDEX = 16;
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

    /// <summary>struct bpf_test_run_opts of libbpf 1.x.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct TestRunOptions
    {
        public nuint Size;
        public nint DataIn;
        public nint DataOut;
        public uint DataSizeIn;
        public uint DataSizeOut;
        public nint ContextIn;
        public nint ContextOut;
        public uint ContextSizeIn;
        public uint ContextSizeOut;
        public uint Result;
        public int Repeat;
        public uint Duration;
        public uint Flags;
        public uint Cpu;
        public uint BatchSize;
    }

    public static nint Open(string path)
    {
        nint result = bpf_object__open_file(path, null);
        return result != 0 ? result : throw new XdpException($"opening the BPF object {path}", Marshal.GetLastPInvokeError());
    }

    /// <summary>Loads an opened object into the kernel: 0 or -errno.</summary>
    public static int Load(nint program) => bpf_object__load(program);

    /// <summary>
    /// Before loading: the program takes packets that span several buffers. The object cannot say so itself: of a
    /// section "xdp.frags" libbpf sets the flag at each load, and whoever takes it away is not heard.
    /// </summary>
    public static void AcceptFrags(nint program, string name)
    {
        nint found = bpf_object__find_program_by_name(program, name);
        if (found != 0)
            _ = bpf_program__set_flags(found, bpf_program__flags(found) | BPF_F_XDP_HAS_FRAGS);
    }

    /// <summary>Before loading: the program uses a map that exists already.</summary>
    public static int UseMap(nint program, string name, int descriptor)
    {
        nint found = bpf_object__find_map_by_name(program, name);
        return found != 0 ? bpf_map__reuse_fd(found, descriptor) : -Errno.ENOENT;
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

    /// <summary>Attaches a program to a device: a link descriptor, or -errno.</summary>
    /// <param name="program">Descriptor of the program.</param>
    /// <param name="ifIndex">The device.</param>
    /// <param name="type">BPF_XDP, BPF_TCX_INGRESS or BPF_TCX_EGRESS.</param>
    /// <param name="flags">XDP_FLAGS_ of the mode; 0 for tcx.</param>
    public static int AttachLink(int program, int ifIndex, int type, uint flags)
    {
        LinkCreateOptions options = new() { Size = (nuint)sizeof(LinkCreateOptions), Flags = flags };
        return bpf_link_create(program, ifIndex, type, &options);
    }

    /// <summary>Attaches by netlink, without a link: 0 or -errno. It stays when the process dies.</summary>
    public static int AttachByNetlink(int program, int ifIndex, uint flags) => bpf_xdp_attach(ifIndex, program, flags, null);

    public static int DetachByNetlink(int ifIndex, uint flags) => bpf_xdp_detach(ifIndex, flags, null);

    /// <summary>Whether the device has a program in that mode.</summary>
    public static bool HasProgram(int ifIndex, uint flags)
    {
        uint id = 0;
        return bpf_xdp_query_id(ifIndex, (int)flags, &id) == 0 && id != 0;
    }

    /// <summary>Device of a link; 0 when the device is gone.</summary>
    public static int DeviceOfLink(int link)
    {
        const int InfoBytes = 128; // struct bpf_link_info grows; the kernel fills what fits
        uint* info = stackalloc uint[InfoBytes / sizeof(uint)];
        uint length = InfoBytes;
        return bpf_obj_get_info_by_fd(link, info, &length) == 0 ? (int)info[BPF_LINK_INFO_XDP_IFINDEX / sizeof(uint)] : 0;
    }

    /// <summary>Runs a program once on a packet: its verdict, or -errno.</summary>
    public static int TestRun(int program, ReadOnlySpan<byte> packet)
    {
        fixed (byte* data = packet)
        {
            TestRunOptions options = new()
            {
                Size = (nuint)sizeof(TestRunOptions),
                DataIn = (nint)data,
                DataSizeIn = (uint)packet.Length,
                Repeat = 1,
            };
            int result = bpf_prog_test_run_opts(program, &options);
            return result == 0 ? (int)options.Result : result;
        }
    }

    public static int UpdateLink(int link, int program) => bpf_link_update(link, program, null);

    public static int Pin(int descriptor, string path) => bpf_obj_pin(descriptor, path);

    /// <summary>Opens a pinned object: a descriptor, or -errno.</summary>
    public static int Get(string path) => bpf_obj_get(path);

    public static int Update<TKey, TValue>(int map, TKey key, TValue value)
        where TKey : unmanaged where TValue : unmanaged => bpf_map_update_elem(map, &key, &value, 0);

    public static int Delete<TKey>(int map, TKey key) where TKey : unmanaged => bpf_map_delete_elem(map, &key);

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
    private static partial int bpf_xdp_attach(int target, int program, uint flags, void* options);

    [LibraryImport(Library)]
    private static partial int bpf_xdp_query_id(int target, int flags, uint* id);

    [LibraryImport(Library)]
    private static partial int bpf_xdp_detach(int target, uint flags, void* options);

    [LibraryImport(Library)]
    private static partial int bpf_obj_get_info_by_fd(int descriptor, void* info, uint* length);

    [LibraryImport(Library)]
    private static partial int bpf_prog_test_run_opts(int program, void* options);

    [LibraryImport(Library)]
    private static partial uint bpf_program__flags(nint program);

    [LibraryImport(Library)]
    private static partial int bpf_program__set_flags(nint program, uint flags);

    [LibraryImport(Library)]
    private static partial int bpf_map__reuse_fd(nint map, int descriptor);

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
    private static partial nint libbpf_set_print(nint callback);
}
