namespace Vprox.Identity;

/// <summary>Why a token is no grant here.</summary>
public enum GrantRefusal
{
    /// <summary>It is a grant.</summary>
    None,

    /// <summary>Not a token of our form, or a claim is missing or of another shape.</summary>
    Malformed,

    /// <summary>Longer than any grant.</summary>
    TooLarge,

    /// <summary>Signed with another algorithm than ES256, or not at all.</summary>
    OtherAlgorithm,

    /// <summary>Signed with a key that may not sign for this address.</summary>
    UnknownKey,

    /// <summary>The signature is not that of the key.</summary>
    BadSignature,

    /// <summary>Issued by someone else.</summary>
    OtherIssuer,

    /// <summary>For another static address.</summary>
    OtherAddress,

    /// <summary>Past its end, or from the future.</summary>
    Expired,

    /// <summary>Its inner addresses and port blocks are not those of the address.</summary>
    Misfit,
}
