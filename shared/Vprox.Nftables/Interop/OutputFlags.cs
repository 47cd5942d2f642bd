namespace Vprox.Nftables.Interop;

/// <summary>Some of NFT_CTX_OUTPUT_* of nftables/libnftables.h.</summary>
[Flags]
internal enum OutputFlags : uint
{
    None = 0,
    Stateless = 1 << 2,
    Json = 1 << 4,
}
