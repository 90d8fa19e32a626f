package io.redfleet.monitrc;

import java.util.List;

/**
 * What came of reading a control file.
 *
 * @param file empty when there are faults
 * @param faults in the order of the file
 */
public record Reading(ControlFile file, List<Fault> faults, List<Remark> remarks) {
    public Reading {
        faults = List.copyOf(faults);
        remarks = List.copyOf(remarks);
        file = faults.isEmpty() ? file : ControlFile.EMPTY;
    }

    public boolean ok() {
        return faults.isEmpty();
    }
}
