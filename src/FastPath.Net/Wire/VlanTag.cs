namespace FastPath.Net;

public struct VlanTag
{
    public const int Size = 4;
}
