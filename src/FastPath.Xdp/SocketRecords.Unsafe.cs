namespace FastPath.Xdp;

/// <summary>The records of a UMEM's sockets, behind the header in its memory file. Control thread only.</summary>
[Control]
internal sealed unsafe class SocketRecords(SocketRecord* records)
{
    /// <summary>Records that fit on the header's page.</summary>
    public const int CountMax = (UmemHeader.PageBytes - UmemHeader.RecordsOffset) / 32;

    /// <summary>Enters a socket; the pointer stays valid as long as the UMEM is mapped.</summary>
    public SocketRecord* Claim(in SocketRecord record, ulong cookie)
    {
        SocketRecord* free = Find(0);
        if (free == null)
            throw new XdpException($"no more than {CountMax} sockets share a UMEM", 0);
        *free = record;
        System.Threading.Volatile.Write(ref free->Cookie, cookie); // last: a record with a cookie is complete
        return free;
    }

    /// <summary>The record of a socket; null when it has none here.</summary>
    public SocketRecord* Find(ulong cookie)
    {
        // SAFETY: the page has room for CountMax records and is mapped as long as the UMEM is.
        for (int n = 0; n < CountMax; n++)
            if (records[n].Cookie == cookie)
                return &records[n];
        return null;
    }

    /// <summary>The n-th record, for looking at all of them; 0 to <see cref="CountMax"/> - 1.</summary>
    public ref SocketRecord this[int n] => ref records[(uint)n < CountMax ? n : throw new System.ArgumentOutOfRangeException(nameof(n))];
}
