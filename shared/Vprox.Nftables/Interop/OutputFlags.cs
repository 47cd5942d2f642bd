namespace Vprox.Nftables.Interop;

/// <summary>NFT_CTX_OUTPUT_* of nftables/libnftables.h.</summary>
[Flags]
internal enum OutputFlags : uint
{
    None = 0,
    Stateless = 1 << 1,
    Json = 1 << 4,
    NumericProtocol = 1 << 7,
    NumericPriority = 1 << 8,
    NumericSymbol = 1 << 9,
    NumericTime = 1 << 10,
}
