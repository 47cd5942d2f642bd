namespace Vprox.Bus.Hosting;

/// <summary>Options that can say everything that is wrong with them at once.</summary>
public interface IValidatedOptions
{
    /// <summary>
    /// One sentence per error, each beginning with the property's name as in the configuration; empty when all is well. Must not
    /// throw, whatever the properties hold.
    /// </summary>
    IEnumerable<string> Errors();
}
