namespace Vprox.Nftables.Tests;

public sealed class NftNameTests
{
    [Theory]
    [InlineData("vprox")]
    [InlineData("_a1")]
    [InlineData("in49152")]
    public void Plain_identifiers_stand_as_they_are(string name) => Assert.Equal(name, NftName.Identifier(name));

    [Theory]
    [InlineData("")]
    [InlineData("1a")]
    [InlineData("a b")]
    [InlineData("a;flush ruleset")]
    [InlineData("a\n")]
    [InlineData("a{}")]
    [InlineData("ä")]
    public void Whatever_could_become_a_command_is_no_identifier(string name) => Assert.Throws<ArgumentException>(() => NftName.Identifier(name));

    [Theory]
    [InlineData("ens5", "\"ens5\"")]
    [InlineData("eth0.100", "\"eth0.100\"")]
    [InlineData("vp49152", "\"vp49152\"")]
    public void Interface_names_are_quoted(string name, string quoted) => Assert.Equal(quoted, NftName.Interface(name));

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("vp*")]
    [InlineData("a\"b")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("sixteen_letters_")]
    public void Wildcards_quotes_and_what_the_kernel_refuses_are_no_interface_name(string name) =>
        Assert.Throws<ArgumentException>(() => NftName.Interface(name));
}
