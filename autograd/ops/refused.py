"""Functions of NumPy that are refused on Tensors, each with the reason that its error gives."""

from autograd.dispatch import REFUSED

REASONS = {
    "it makes a new array of constants; leave like= out": (
        "np.empty np.eye np.frombuffer np.fromfile np.fromfunction np.fromiter np.fromstring "
        "np.genfromtxt np.identity np.loadtxt np.ones np.tri np.zeros"
    ),
    "it counts, and the edges alone have a derivative; give it t.data, or weights to np.bincount": (
        "np.histogram np.histogram2d np.histogram_bin_edges np.histogramdd"
    ),
    "it is deprecated; write np.isin": "np.in1d",
    "it writes a file; give it t.data": "np.save np.savetxt np.savez np.savez_compressed",
    "it works on integers or bits, and a Tensor holds real or complex numbers": (
        "np.bitwise_and np.bitwise_count np.bitwise_or np.bitwise_xor np.gcd np.invert np.lcm "
        "np.left_shift np.packbits np.ravel_multi_index np.right_shift np.unpackbits "
        "np.unravel_index"
    ),
    "it works on dates, and a Tensor holds real or complex numbers": (
        "np.busday_count np.busday_offset np.datetime_as_string np.is_busday np.isnat"
    ),
    "it works on structured arrays, and a Tensor holds real or complex numbers": (
        "np.lib.recfunctions.append_fields np.lib.recfunctions.apply_along_fields "
        "np.lib.recfunctions.assign_fields_by_name np.lib.recfunctions.drop_fields "
        "np.lib.recfunctions.find_duplicates np.lib.recfunctions.join_by "
        "np.lib.recfunctions.merge_arrays np.lib.recfunctions.rec_append_fields "
        "np.lib.recfunctions.rec_drop_fields np.lib.recfunctions.rec_join "
        "np.lib.recfunctions.recursive_fill_fields np.lib.recfunctions.rename_fields "
        "np.lib.recfunctions.repack_fields np.lib.recfunctions.require_fields "
        "np.lib.recfunctions.stack_arrays np.lib.recfunctions.structured_to_unstructured "
        "np.lib.recfunctions.unstructured_to_structured"
    ),
    "the dtype of its result depends on the numbers; write np's function of t, or of t + 0j": (
        "np.lib.scimath.arccos np.lib.scimath.arcsin np.lib.scimath.arctanh np.lib.scimath.log "
        "np.lib.scimath.log10 np.lib.scimath.log2 np.lib.scimath.logn np.lib.scimath.power "
        "np.lib.scimath.sqrt"
    ),
}

SCIMATH = ("np.lib.scimath", "np.lib._scimath_impl")  # as old versions call it

REFUSED |= {name: reason for reason, names in REASONS.items() for name in names.split()}
REFUSED |= {
    name.replace(*SCIMATH): reason for name, reason in REFUSED.items() if SCIMATH[0] in name
}
