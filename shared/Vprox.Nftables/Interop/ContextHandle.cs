using Microsoft.Win32.SafeHandles;

namespace Vprox.Nftables.Interop;

/// <summary>A struct nft_ctx, freed with its netlink socket.</summary>
internal sealed class ContextHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        LibNftables.Free(handle);
        return true;
    }
}
